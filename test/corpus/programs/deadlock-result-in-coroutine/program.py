"""A plain function that may be called anywhere asks the loop for the price."""
import asyncio
import threading

loop = asyncio.new_event_loop()


async def price_of(name):
    await asyncio.sleep(0.01)
    return len(name)


def total(names):
    prices = [asyncio.run_coroutine_threadsafe(price_of(name), loop) for name in names]
    return sum(price.result() for price in prices)


async def report():
    return total(["tea", "milk"])


async def main():
    print(await asyncio.to_thread(total, ["bread"]))
    print(await report())


threading.current_thread()
loop.run_until_complete(main())
