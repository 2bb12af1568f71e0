"""Books sales in a till, one at a time."""
import asyncio

total = 0

async def book(amount):
    global total
    lock = asyncio.Lock()
    async with lock:
        before = total
        await asyncio.sleep(0.01)
        total = before + amount

async def main():
    await asyncio.gather(*(book(n) for n in range(1, 5)))
    print(total, "of 10")

asyncio.run(main())
