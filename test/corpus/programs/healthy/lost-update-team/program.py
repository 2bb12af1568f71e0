"""Points of a team, given by several referees at once."""
import asyncio

class Team:
    def __init__(self):
        self.points = 0

    async def check(self, points):
        await asyncio.sleep(0.01)
        return points

    async def give(self, points):
        checked = await self.check(points)
        self.points += checked

async def main():
    team = Team()
    await asyncio.gather(*(team.give(n) for n in (1, 2, 3)))
    print(team.points, "of 6")

asyncio.run(main())
