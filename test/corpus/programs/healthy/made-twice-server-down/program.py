import asyncio
class Client:
    conn = None
    async def connect(self):
        await asyncio.sleep(0.02)
        raise ConnectionRefusedError("down")
    async def call(self):
        if self.conn is None:
            self.conn = await self.connect()
async def main():
    c = Client()
    print(len(await asyncio.gather(*(c.call() for _ in range(4)), return_exceptions=True)))
asyncio.run(main())
