"""A handler runs a command and waits for it, while a clock should tick."""
import asyncio
import subprocess
import sys


async def convert(seconds):
    subprocess.run([sys.executable, "-c", f"import time; time.sleep({seconds})"], check=True)


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
