import asyncio


async def check(name):
    await asyncio.sleep(0.02)
    raise ValueError(f"{name} is no picture")


async def upload(name):
    await asyncio.sleep(0.3)
    print("uploaded", name)


async def main():
    try:
        await asyncio.gather(check("a.txt"), upload("b.png"), upload("c.png"))
    except ValueError as error:
        print("stopped:", error)


asyncio.run(main())
