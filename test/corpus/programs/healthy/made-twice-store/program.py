import asyncio


async def connect():
    await asyncio.sleep(0.05)
    return object()


class Store:
    def __init__(self):
        self.connecting = None

    async def read(self, key):
        if self.connecting is None:
            self.connecting = asyncio.create_task(connect())
        await self.connecting
        await asyncio.sleep(0.01)
        return key


async def main():
    store = Store()
    print(await asyncio.gather(store.read("a"), store.read("b"), store.read("c")))


asyncio.run(main())
