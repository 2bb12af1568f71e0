"""Prepares connections to many shops."""
import asyncio
import ssl

class Shops:
    def __init__(self):
        self.ready = []
        self.context = ssl.create_default_context()

    async def prepare(self, name):
        context = self.context
        await asyncio.sleep(0.01)
        self.ready.append((name, context.check_hostname))

async def clock(ticks):
    while True:
        await asyncio.sleep(0.01)
        ticks.append(1)

async def main():
    shops = Shops()
    ticks = []
    ticking = asyncio.create_task(clock(ticks))
    await asyncio.gather(*(shops.prepare(f"shop {n}") for n in range(40)))
    ticking.cancel()
    print(len(shops.ready), "ready")

asyncio.run(main())
