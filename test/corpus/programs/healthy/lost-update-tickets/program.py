"""Each ticket gets the next number."""
import asyncio

number = 100

async def print_ticket(n):
    await asyncio.sleep(0.005)

async def ticket():
    global number
    mine = number
    number = mine + 1
    await print_ticket(mine)
    return mine

async def sell(name):
    return name, await ticket()

async def main():
    print(await asyncio.gather(*(sell(name) for name in ("ann", "ben", "cem"))))
    print(number)

asyncio.run(main())
