"""Only the newest search is shown."""
import asyncio

class Search:
    def __init__(self):
        self.text = ""
        self.busy = 0
        self.shown = []

    async def ask(self, text):
        await asyncio.sleep(0.01 * len(text))
        return text.upper()

    async def search(self, text):
        self.text = text
        self.busy += 1
        found = await self.ask(text)
        self.busy -= 1
        if self.text == text:
            self.shown.append(found)

async def main():
    search = Search()
    await asyncio.gather(search.search("abc"), search.search("ab"))
    print(search.shown, search.busy)

asyncio.run(main())
