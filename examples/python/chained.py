"""Three chains of two coroutines each, all at once: the second part needs what the first gave.

What to look for: the run takes as long as its longest chain, and the critical path shows which.
"""
import asyncio


async def part_one(number):
    await asyncio.sleep(number * 0.01)
    return f"result {number}-1"


async def part_two(number, given):
    await asyncio.sleep(number * 0.01)
    return f"result {number}-2 from {given}"


async def chain(number):
    first = await part_one(number)
    second = await part_two(number, first)
    print(f"chain {number}: {second}")


async def main():
    await asyncio.gather(*(chain(number) for number in (3, 1, 2)))


if __name__ == "__main__":
    asyncio.run(main())
