import asyncio
import threading
import time

stopped = threading.Event()


def convert():
    for _ in range(15):
        if stopped.is_set():
            return
        time.sleep(0.1)


async def main():
    try:
        await asyncio.wait_for(asyncio.to_thread(convert), 0.2)
    except asyncio.TimeoutError:
        stopped.set()
        print("took too long")


asyncio.run(main())
