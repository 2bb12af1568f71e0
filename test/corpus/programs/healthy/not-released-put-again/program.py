"""One task an item; what fails goes in again; who waits for more is cancelled."""
import asyncio
async def one(queue, done):
    item, tries = await queue.get()
    await asyncio.sleep(0.005)
    if item % 4 == 0 and tries == 0:
        queue.put_nowait((item, 1))
        raise ValueError(item)
    done.append(item)
async def main():
    queue, done = asyncio.Queue(), []
    for n in range(8):
        queue.put_nowait((n, 0))
    tasks = [asyncio.create_task(one(queue, done)) for _ in range(12)]
    while len(done) < 8:
        await asyncio.sleep(0.02)
    await asyncio.sleep(1.5)
    for t in tasks: t.cancel()
    print(len(await asyncio.gather(*tasks, return_exceptions=True)))
asyncio.run(main())
