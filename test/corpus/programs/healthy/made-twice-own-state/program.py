import asyncio
class Job:
    def __init__(self, n): self.n, self.state = n, "new"
    async def work(self):
        await asyncio.sleep(0.02); return "done"
async def run(job):
    if job.state == "new":
        job.state = await job.work()
    return job.state
async def main():
    print(await asyncio.gather(*(run(Job(n)) for n in range(5))))
asyncio.run(main())
