import asyncio


async def read(rows):
    for number in range(3):
        await rows.put(number)
        await asyncio.sleep(0.01)
    raise ConnectionError("the database went away")


async def write(rows):
    while (row := await rows.get()) is not None:
        print(row)


async def main():
    rows = asyncio.Queue()
    reading = asyncio.create_task(read(rows))
    await write(rows)
    await reading


asyncio.run(main())
