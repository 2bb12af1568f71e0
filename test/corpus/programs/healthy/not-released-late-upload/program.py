"""Each upload gets a file that its task closes; one that fails ends them all."""
import asyncio

opened = []


class File:
    def __init__(self, name):
        self.name = name
        opened.append(name)

    def close(self):
        opened.remove(self.name)


async def upload(name):
    file = File(name)
    try:
        if file.name == "bad":
            raise OSError(file.name)
        await asyncio.sleep(0.05)
    finally:
        file.close()


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            for name in ("good", "bad"):
                group.create_task(upload(name))
            await asyncio.sleep(0)
            group.create_task(upload("late"))
    except* OSError:
        print("failed")
    print(opened)


asyncio.run(main())
