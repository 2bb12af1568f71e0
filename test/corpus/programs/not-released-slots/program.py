"""Renders with slots of a GPU."""
import asyncio
from contextlib import asynccontextmanager

class Slots:
    def __init__(self, n):
        self.slots = asyncio.LifoQueue()
        for i in range(n):
            self.slots.put_nowait(i)

    @asynccontextmanager
    async def slot(self):
        slot = await self.slots.get()
        yield slot
        await self.slots.put(slot)

async def render(slots, scene):
    async with slots.slot() as slot:
        await asyncio.sleep(0.01)
        if scene % 2:
            raise RuntimeError("out of memory")
        return slot

async def main():
    slots = Slots(3)
    for scenes in (range(0, 4), range(4, 8), range(8, 12)):
        print(await asyncio.gather(*(render(slots, s) for s in scenes), return_exceptions=True), flush=True)
asyncio.run(main())
