"""A device that is opened once; some do not want to wait for it for long."""
import asyncio

class Device:
    def __init__(self):
        self.opening = None

    async def open(self):
        await asyncio.sleep(0.2)
        return "open"

    def ready(self):
        if self.opening is None:
            self.opening = asyncio.create_task(self.open())
        return self.opening

async def peek(device):
    try:
        return await asyncio.wait_for(device.ready(), 0.05)
    except asyncio.TimeoutError:
        return "not yet"

async def work(device):
    return await device.ready()

async def main():
    device = Device()
    print(await asyncio.gather(work(device), peek(device), return_exceptions=True))

asyncio.run(main())
