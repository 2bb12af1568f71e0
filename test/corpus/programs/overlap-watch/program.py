"""Every 20 ms the clients are asked whether they are there; an answer takes longer."""
import asyncio


class Watch:
    def __init__(self):
        self.present = 0

    async def count(self):
        self.present = 0
        for _ in range(5):
            await asyncio.sleep(0.02)
            self.present += 1


async def main():
    watch = Watch()
    rounds = []
    for _ in range(8):
        rounds.append(asyncio.create_task(watch.count()))
        await asyncio.sleep(0.02)
    await asyncio.gather(*rounds)
    print(watch.present)


asyncio.run(main())
