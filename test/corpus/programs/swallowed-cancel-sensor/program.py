"""A sensor is asked in turn until it is told to stop; a broken answer must not end it."""
import asyncio


async def poll(seen):
    for number in range(15):
        try:
            await asyncio.sleep(0.02)
        except BaseException:
            continue
        seen.append(number)


async def main():
    seen = []
    polling = asyncio.create_task(poll(seen))
    await asyncio.sleep(0.05)
    polling.cancel()
    await asyncio.wait({polling})
    print("stopped:", polling.cancelled())


asyncio.run(main())
