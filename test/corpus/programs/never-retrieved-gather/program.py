import asyncio


async def notify(person):
    await asyncio.sleep(0.01)
    if person == "eve":
        raise LookupError("eve has no address")


async def main():
    await asyncio.gather(*(notify(person) for person in ["ada", "eve", "bob"]), return_exceptions=True)
    print("everybody knows")


asyncio.run(main())
