"""Orders take from the stock, once the warehouse has said yes."""
import asyncio

stock = {"tea": 10, "rice": 5}
lock = asyncio.Lock()

async def ask_warehouse(article):
    await asyncio.sleep(0.01)

async def order(article, count):
    async with lock:
        left = stock[article]
        await ask_warehouse(article)
        stock[article] = left - count

async def main():
    await asyncio.gather(order("tea", 3), order("tea", 4), order("rice", 1))
    print(stock)

asyncio.run(main())
