import asyncio

tokens = {}


async def login(site):
    await asyncio.sleep(0.05)
    return f"token of {site}"


async def token_of(site):
    if site not in tokens:
        tokens[site] = await login(site)
    return tokens[site]


async def main():
    print(await asyncio.gather(*(token_of("shop") for _ in range(4))))


asyncio.run(main())
