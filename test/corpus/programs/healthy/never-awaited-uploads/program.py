import asyncio


async def check(name):
    await asyncio.sleep(0.02)
    raise ValueError(f"{name} is no picture")


async def upload(name):
    await asyncio.sleep(0.3)
    print("uploaded", name)


async def main():
    parts = [check("a.txt"), upload("b.png"), upload("c.png")]
    for result in await asyncio.gather(*parts, return_exceptions=True):
        if isinstance(result, Exception):
            print("stopped:", result)


asyncio.run(main())
