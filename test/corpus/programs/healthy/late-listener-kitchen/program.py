import asyncio


async def main():
    ready = asyncio.Condition()
    dishes = []

    async def cook():
        async with ready:
            dishes.append("soup")
            ready.notify_all()

    async def guest():
        await asyncio.sleep(0.05)
        async with ready:
            while not dishes:
                await ready.wait()
        print("eats")

    await asyncio.gather(cook(), guest())


asyncio.run(main())
