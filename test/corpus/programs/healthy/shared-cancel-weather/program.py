"""A start page that shows the weather and the news within a limit; others want the weather too."""
import asyncio

class Weather:
    def __init__(self):
        self.now = None

    def get(self):
        if self.now is None:
            self.now = asyncio.ensure_future(self.measure())
        return self.now

    async def measure(self):
        await asyncio.sleep(0.2)
        return "sunny"

async def news():
    await asyncio.sleep(0.01)
    return "nothing new"

async def start_page(weather):
    try:
        return await asyncio.wait_for(asyncio.gather(asyncio.shield(weather.get()), news()), 0.05)
    except asyncio.TimeoutError:
        return "too slow"

async def farmer(weather):
    return await weather.get()

async def main():
    weather = Weather()
    print(await asyncio.gather(start_page(weather), farmer(weather), return_exceptions=True))

asyncio.run(main())
