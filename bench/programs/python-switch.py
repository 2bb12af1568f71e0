"""Prints the time of a switch by asyncio.sleep(0), in ns. `setprofile`: under an empty profile function."""
import asyncio
import sys
import time


async def spin(times):
    for _ in range(times):
        await asyncio.sleep(0)


async def main():
    await asyncio.gather(*[spin(200) for _ in range(10)])
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        await asyncio.gather(*[spin(1000) for _ in range(10)])
        best = min(best, (time.perf_counter() - started) / 10_000)
    print(best * 1e9)


if sys.argv[1:] == ["setprofile"]:
    sys.setprofile(lambda *_: None)
asyncio.run(main())
