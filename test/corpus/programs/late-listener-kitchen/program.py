import asyncio


async def main():
    ready = asyncio.Condition()

    async def cook():
        async with ready:
            ready.notify_all()

    async def guest():
        await asyncio.sleep(0.05)
        async with ready:
            await ready.wait()
        print("eats")

    await asyncio.gather(cook(), guest())


asyncio.run(main())
