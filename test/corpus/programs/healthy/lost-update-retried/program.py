"""Looks again after the await, and begins anew where another was quicker."""
import asyncio

class Seats:
    def __init__(self):
        self.free = 5
        self.last = 0.0

    async def pay(self):
        await asyncio.sleep(0.01)

    async def book(self, count):
        free = self.free
        await self.pay()
        free = self.free
        self.free = free - count

    async def swap(self, count):
        while True:
            seen = self.free
            await self.pay()
            if seen != self.free:
                continue
            self.free = seen - count
            return

async def main():
    seats = Seats()
    await asyncio.gather(seats.book(1), seats.book(1), seats.swap(1), seats.swap(1))
    print(seats.free)

asyncio.run(main())
