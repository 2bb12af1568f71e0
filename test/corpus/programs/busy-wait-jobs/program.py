"""Takes jobs from a queue that is filled now and then."""
import asyncio

class Worker:
    def __init__(self, jobs):
        self.jobs = jobs
        self.done = 0

    async def run(self):
        while self.done < 4:
            try:
                job = self.jobs.get_nowait()
            except asyncio.QueueEmpty:
                await asyncio.sleep(0)
                continue
            self.done += 1
            print("job", job)

async def main():
    jobs = asyncio.Queue()
    worker = asyncio.create_task(Worker(jobs).run())
    for n in range(4):
        await asyncio.sleep(0.2)
        jobs.put_nowait(n)
    await worker

asyncio.run(main())
