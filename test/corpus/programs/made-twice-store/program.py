import asyncio


async def connect():
    await asyncio.sleep(0.05)
    return object()


class Store:
    def __init__(self):
        self.connection = None

    async def read(self, key):
        if self.connection is None:
            self.connection = await connect()
        await asyncio.sleep(0.01)
        return key


async def main():
    store = Store()
    print(await asyncio.gather(store.read("a"), store.read("b"), store.read("c")))


asyncio.run(main())
