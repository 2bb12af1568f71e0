import asyncio


async def handle(parcels):
    while True:
        parcel = await parcels.get()
        if parcel["weight"] > 20:
            raise ValueError(f"too heavy: {parcel['id']}")
        await asyncio.sleep(0.01)


async def accept(parcels):
    for number in range(20):
        await parcels.put({"id": number, "weight": number * 7})


async def main():
    parcels = asyncio.Queue(maxsize=2)
    belt = asyncio.create_task(handle(parcels))
    await accept(parcels)
    await parcels.join()
    belt.cancel()


asyncio.run(main())
