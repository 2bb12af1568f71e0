"""A job takes a permit, and returns early when there is nothing to do."""
import asyncio

permits = asyncio.Semaphore(1)


async def job(items):
    await permits.acquire()
    if not items:
        return 0
    await asyncio.sleep(0.01)
    permits.release()
    return len(items)


async def main():
    print(await asyncio.gather(job("ab"), job(""), job("c")))


asyncio.run(main())
