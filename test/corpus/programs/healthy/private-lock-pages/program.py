"""Fetches pages, at most two at a time."""
import asyncio

class Site:
    def __init__(self):
        self.open = 0
        self.most = 0

    async def fetch(self, page):
        self.open += 1
        self.most = max(self.most, self.open)
        await asyncio.sleep(0.02)
        self.open -= 1

async def load(site, page, limit):
    async with limit:
        await site.fetch(page)

async def main():
    site = Site()
    limit = asyncio.Semaphore(2)
    await asyncio.gather(*(load(site, page, limit) for page in range(6)))
    print("at most", site.most)

asyncio.run(main())
