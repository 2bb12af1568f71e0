import asyncio, time
class Client:
    def __init__(self):
        self.lock = asyncio.Lock(); self.token = {"until": 0}; self.calls = 0
    async def renew(self):
        self.calls += 1
        await asyncio.sleep(0.004)
        return {"until": time.monotonic() + 0.3}
    async def access(self):
        if self.token["until"] < time.monotonic():
            async with self.lock:
                if self.token["until"] < time.monotonic():
                    self.token = await self.renew()
        return self.token
    async def access2(self):
        if self.token["until"] < time.monotonic():
            await self.lock.acquire()
            try:
                if self.token["until"] < time.monotonic():
                    self.token = await self.renew()
            finally:
                self.lock.release()
        return self.token
    async def renew_locked(self):
        async with self.lock:
            if self.token["until"] >= time.monotonic():
                return self.token
            return await self.renew()
    async def access3(self):
        if self.token["until"] < time.monotonic():
            self.token = await self.renew_locked()
        return self.token
async def main():
    for name in ("access", "access2", "access3"):
        c = Client()
        for _ in range(2):
            await asyncio.gather(*(getattr(c, name)() for _ in range(4)))
            await asyncio.sleep(0.35)
        print(name, c.calls)
asyncio.run(main())
