"""Adds up numbers, and lets others have their turn in between."""
import asyncio

async def add_up(count):
    total = n = 0
    while n < count:
        total += n * n
        n += 1
        if n % 10 == 0:
            await asyncio.sleep(0)
    return total

async def main():
    ticks = 0
    task = asyncio.create_task(add_up(300_000))
    while not task.done():
        await asyncio.sleep(0.01)
        ticks += 1
    print(task.result(), ticks > 1)

asyncio.run(main())
