"""A thread reads meters, and hands each value to the store on the event loop."""
import asyncio
import threading
import time

LIMITS = {"north": 50, "south": 70}
stored = []

def report(future):
    if future.exception():
        print("not stored:", repr(future.exception()))

async def store(meter, value):
    await asyncio.sleep(0.01)
    if value < LIMITS[meter]:
        stored.append((meter, value))

def read(loop):
    for meter, value in (("north", 31), ("west", 12), ("south", 44)):
        time.sleep(0.02)
        asyncio.run_coroutine_threadsafe(store(meter, value), loop).add_done_callback(report)

async def main():
    reader = threading.Thread(target=read, args=(asyncio.get_running_loop(),))
    reader.start()
    await asyncio.get_running_loop().run_in_executor(None, reader.join)
    await asyncio.sleep(0.05)
    print(len(stored), "values")

asyncio.run(main())
