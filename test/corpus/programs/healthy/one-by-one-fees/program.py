"""Load the members of a club and their fees."""
import asyncio


async def fee_of(member):
    await asyncio.sleep(0.03)
    return len(member)


async def bill(members):
    return sum(await asyncio.gather(*(fee_of(member) for member in members)))


print(asyncio.run(bill(["ann", "bob", "cleo", "dora", "emil", "fay"])))
