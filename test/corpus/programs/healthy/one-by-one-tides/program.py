import asyncio


class Harbours:
    def __init__(self, names):
        self.names = names

    async def tide(self, name):
        await asyncio.sleep(0.03)
        return len(name)

    async def wind(self, name):
        await asyncio.sleep(0.02)
        return name.count("a")

    async def report(self, name):
        return await asyncio.gather(self.tide(name), self.wind(name))

    async def reports(self):
        found = await asyncio.gather(*(self.report(name) for name in self.names))
        return dict(zip(self.names, found))


async def main():
    harbours = Harbours(["Aarhus", "Bremen", "Calais", "Dover", "Esbjerg", "Faro", "Genoa", "Hull"])
    print(await harbours.reports())


asyncio.run(main())
