"""A handler runs a command and waits for it, while a clock should tick."""
import asyncio
import sys


async def convert(seconds):
    code = f"import time; time.sleep({seconds})"
    command = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    await command.wait()


async def tick(ticks):
    while True:
        await asyncio.sleep(0.02)
        ticks.append(1)


async def main():
    ticks = []
    clock = asyncio.create_task(tick(ticks))
    await asyncio.sleep(0.05)
    await convert(0.3)
    clock.cancel()
    print(len(ticks) > 0)


asyncio.run(main())
