"""Load the members of a club and their fees."""
import asyncio


async def fee_of(member):
    await asyncio.sleep(0.03)
    return len(member)


async def bill(members):
    fees = {}
    for member in members:
        fees[member] = await fee_of(member)
    return sum(fees.values())


print(asyncio.run(bill(["ann", "bob", "cleo", "dora", "emil", "fay"])))
