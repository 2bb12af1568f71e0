"""A gallery: pictures are shrunk in threads, and a title is looked up in one."""
import time

import anyio
import anyio.to_thread

def shrink(picture):
    time.sleep(0.25)
    return picture % 7

def title(picture):
    return f"picture {picture}"

async def show(picture, limiter):
    await anyio.to_thread.run_sync(shrink, picture, limiter=limiter)

async def main():
    limiter = anyio.CapacityLimiter(20)
    async with anyio.create_task_group() as group:
        for picture in range(100):
            group.start_soon(show, picture, limiter)
        await anyio.sleep(0.05)
        print(await anyio.to_thread.run_sync(title, 3))

anyio.run(main)
