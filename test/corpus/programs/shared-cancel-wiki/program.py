"""Pages of a wiki; those who ask for one that is being loaded wait for the same."""
import asyncio

loading = {}

async def load(title):
    await asyncio.sleep(0.2)
    return f"text of {title}"

def page(title):
    if title not in loading:
        loading[title] = asyncio.create_task(load(title))
    return loading[title]

async def reader(title):
    text = await page(title)
    return len(text)

async def main():
    readers = [asyncio.create_task(reader("home"), name=name) for name in ("ann", "ben", "cem")]
    await asyncio.sleep(0.05)
    readers[0].cancel()
    print(await asyncio.gather(*readers, return_exceptions=True))

asyncio.run(main())
