"""Measures towns in the network and prints a table."""
import asyncio

async def measure(town):
    await asyncio.sleep(0.3 / len(town))
    return len(town)

async def measure_all(towns):
    values = []
    for done in asyncio.as_completed([measure(town) for town in towns]):
        values.append(await done)
    return values

async def main():
    towns = ["Ulm", "Bremen", "Bonn"]
    values = await measure_all(towns)
    for town, value in zip(towns, values):
        print(town, value)

asyncio.run(main())
