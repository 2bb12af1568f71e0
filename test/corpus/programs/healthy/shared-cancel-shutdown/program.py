"""Readers wait for one answer; all are cancelled at the end, and the answer is given up by itself."""
import asyncio

async def answer():
    await asyncio.sleep(5)

async def reader(task):
    try:
        await task
    except asyncio.CancelledError:
        return "no answer"

async def main():
    first = asyncio.create_task(answer())
    readers = [asyncio.create_task(reader(first)) for _ in range(3)]
    await asyncio.sleep(0.05)
    for each in readers:
        each.cancel()
    print(await asyncio.gather(*readers, return_exceptions=True))
    second = asyncio.create_task(answer())
    readers = [asyncio.create_task(reader(second)) for _ in range(3)]
    await asyncio.sleep(0.05)
    second.cancel()
    print(await asyncio.gather(*readers))

asyncio.run(main())
