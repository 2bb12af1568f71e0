"""Three tasks draw random numbers until each has one above its threshold. Seeded: every run is the
same.

What to look for: how often each task waited at the line of its pause is the number of its tries.
"""
import asyncio
import random


async def make_random(task, threshold):
    draw = random.Random(task)
    tries = 1
    while True:
        value = draw.randint(0, 10)
        if value > threshold:
            return f"task {task}: {value} is above {threshold} after {tries} tries"
        tries += 1
        await asyncio.sleep(0.002)


async def main():
    for line in await asyncio.gather(make_random(1, 9), make_random(2, 8), make_random(3, 6)):
        print(line)


if __name__ == "__main__":
    asyncio.run(main())
