"""Counting to three, three times: with plain functions one after another, then with coroutines.

What to look for: the same nine waits, first in a row, in which the thread can do nothing else, then
side by side: a third of the time.
"""
import asyncio
import time


def count(name):
    for number in (1, 2, 3):
        time.sleep(0.02)
        print(f"{name}: {number}")


async def count_async(name):
    for number in (1, 2, 3):
        await asyncio.sleep(0.02)
        print(f"{name}: {number}")


async def together():
    await asyncio.gather(*(count_async(f"together {n}") for n in (1, 2, 3)))


if __name__ == "__main__":
    started = time.perf_counter()
    for n in (1, 2, 3):
        count(f"serial {n}")
    middle = time.perf_counter()
    asyncio.run(together())
    ended = time.perf_counter()
    print("together is", "faster" if ended - middle < middle - started else "slower")
