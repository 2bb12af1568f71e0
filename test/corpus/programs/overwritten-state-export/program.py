"""Exports tables; where to is kept on the exporter."""
import asyncio

class Exporter:
    def __init__(self):
        self.folder = ""
        self.done = []

    async def load(self, table):
        await asyncio.sleep(0.01)
        return f"rows of {table}"

    async def export(self, table, folder):
        self.folder = folder
        rows = await self.load(table)
        self.done.append(f"{self.folder}/{table}: {rows}")

async def main():
    exporter = Exporter()
    await asyncio.gather(exporter.export("users", "a"), exporter.export("bills", "b"))
    print(exporter.done)

asyncio.run(main())
