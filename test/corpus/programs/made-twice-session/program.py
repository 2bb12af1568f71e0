"""A session that is opened again where it was closed."""
import asyncio

class Session:
    open_sessions = 0
    def __init__(self):
        self.closed = False
    @classmethod
    async def open(cls):
        await asyncio.sleep(0.03)
        if cls.open_sessions:
            raise ConnectionRefusedError("one session a user")
        cls.open_sessions += 1
        return cls()

class Api:
    session = None
    async def call(self, what):
        if not self.session or self.session.closed:
            self.session = await Session.open()
        await asyncio.sleep(0.01)
        return what

async def main():
    api = Api()
    results = await asyncio.gather(*(api.call(w) for w in ("a", "b", "c")), return_exceptions=True)
    print(results)
asyncio.run(main())
