"""A player is stopped by a timer while it still saves its place."""
import asyncio

places = []


async def play():
    try:
        while True:
            await asyncio.sleep(0.03)
    finally:
        places.append("saved")
        await asyncio.sleep(0.02)


def stop(loop):
    loop.stop()


loop = asyncio.new_event_loop()
player = loop.create_task(play())
loop.call_later(0.1, stop, loop)
loop.run_forever()
print("stopped")
