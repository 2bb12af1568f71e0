import asyncio


async def read(rows):
    try:
        for number in range(3):
            await rows.put(number)
            await asyncio.sleep(0.01)
        raise ConnectionError("the database went away")
    finally:
        await rows.put(None)


async def write(rows):
    while (row := await rows.get()) is not None:
        print(row)


async def main():
    rows = asyncio.Queue()
    reading = asyncio.create_task(read(rows))
    await write(rows)
    try:
        await reading
    except ConnectionError as error:
        print(error)


asyncio.run(main())
