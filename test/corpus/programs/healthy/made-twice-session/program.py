import asyncio, time
class Client:
    def __init__(self):
        self.token = {"until": 0}; self.renewing = None; self.calls = 0
    async def renew(self):
        self.calls += 1
        await asyncio.sleep(0.03)
        self.renewing = None
        return {"until": time.monotonic() + 0.3}
    async def access(self):
        if self.token["until"] < time.monotonic():
            if self.renewing is None:
                self.renewing = asyncio.create_task(self.renew())
            self.token = await asyncio.shield(self.renewing)
        return self.token
    async def access2(self):
        if self.token["until"] > time.monotonic():
            return self.token
        if self.renewing is None:
            self.renewing = asyncio.ensure_future(self.renew())
        task = self.renewing
        self.token = await task
        return self.token
async def main():
    for name in ("access", "access2"):
        c = Client()
        for _ in range(2):
            await asyncio.gather(*(getattr(c, name)() for _ in range(4)))
            await asyncio.sleep(0.35)
        print(name, c.calls)
asyncio.run(main())
