import asyncio
import time


def convert():
    for _ in range(15):
        time.sleep(0.1)


async def main():
    try:
        await asyncio.wait_for(asyncio.to_thread(convert), 0.2)
    except asyncio.TimeoutError:
        print("took too long")


asyncio.run(main())
