"""Two readers of one file, each until it has found its chapter."""
import asyncio

file_lock = asyncio.Lock()


async def chapters(name):
    async with file_lock:
        for number in range(5):
            await asyncio.sleep(0.001)
            yield f"{name} {number}"


async def find(name, wanted):
    found = chapters(name)
    async for chapter in found:
        if chapter.endswith(wanted):
            return found, chapter


async def main():
    first, chapter = await find("prose", "1")
    print(chapter)
    await first.aclose()
    second, chapter = await find("verse", "2")
    print(chapter)
    await second.aclose()


asyncio.run(main())
