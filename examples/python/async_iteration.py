"""An async generator, `async for` and async comprehensions.

What to look for: each item is a switch of the task that takes it: interleaved, not parallel.
"""
import asyncio


async def powers(base, count):
    value = 1
    for _ in range(count):
        await asyncio.sleep(0.002)
        yield value
        value *= base


async def total(base):
    result = 0
    async for value in powers(base, 5):
        result += value
    print(f"powers of {base} add up to {result}")


async def main():
    await asyncio.gather(total(2), total(3))
    print([value async for value in powers(10, 3) if value > 1])
    print({value: value + 1 async for value in powers(5, 2)})


if __name__ == "__main__":
    asyncio.run(main())
