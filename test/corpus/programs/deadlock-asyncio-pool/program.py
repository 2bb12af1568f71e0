"""Readers lend a place in the library for each thing that they look up."""
import asyncio


class Library:
    def __init__(self, places):
        self.places = asyncio.Queue()
        for place in range(places):
            self.places.put_nowait(place)

    async def lend(self):
        return await self.take()

    async def take(self):
        return await self.places.get()

    def give_back(self, place):
        self.places.put_nowait(place)


async def look_up(library, word):
    place = await library.lend()
    try:
        await asyncio.sleep(0.01)
        return len(word)
    finally:
        library.give_back(place)


async def read(library, title):
    place = await library.lend()
    try:
        await asyncio.sleep(0.05)
        return sum([await look_up(library, word) for word in title.split()])
    finally:
        library.give_back(place)


async def main():
    library = Library(2)
    print(await read(library, "tea"))
    print(await asyncio.gather(*(read(library, title) for title in ("tall trees", "small fish"))))


asyncio.run(main())
