"""A service that reads its settings anew when it gets SIGHUP."""
import asyncio
import os
import signal
import threading


class Settings:
    def __init__(self):
        self.asked = asyncio.Queue()

    def on_hangup(self, number, frame):
        self.asked.put_nowait("reload")

    async def keep(self):
        loop = asyncio.get_running_loop()
        print(loop.is_running())
        signal.signal(signal.SIGHUP, self.on_hangup)
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGHUP)).start()
        print(await self.asked.get())


async def main():
    await Settings().keep()


asyncio.run(main())
