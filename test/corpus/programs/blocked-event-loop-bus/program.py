"""A sensor is read by many, each of whom rests a moment on the bus."""
import asyncio
import time

async def read(number):
    time.sleep(0.02)
    return number * 2

async def heartbeat(beats):
    while True:
        await asyncio.sleep(0.005)
        beats.append(1)

async def main():
    beats = []
    beating = asyncio.create_task(heartbeat(beats))
    print(sum(await asyncio.gather(*(read(n) for n in range(20)))))
    beating.cancel()

asyncio.run(main())
