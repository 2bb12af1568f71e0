"""The simultaneous exhibition, scaled down: one master against eight boards, 1 ms for one of her
moves, 10 ms for an answer, three pairs of moves a game.

What to look for: the master is the one lock that every board waits for. Going round from board to
board takes a fraction of one game after another.
"""
import asyncio
import time

BOARDS = 8
PAIRS = 3
MOVE = 0.001
ANSWER = 0.01


async def game(master):
    for _ in range(PAIRS):
        async with master:
            # She thinks: nobody else gets a move of hers meanwhile.
            await asyncio.sleep(MOVE)
        await asyncio.sleep(ANSWER)


async def main():
    master = asyncio.Lock()
    started = time.perf_counter()
    for _ in range(BOARDS):
        await game(master)
    middle = time.perf_counter()
    await asyncio.gather(*(game(master) for _ in range(BOARDS)))
    ended = time.perf_counter()
    saved = (middle - started) / (ended - middle)
    print("going round is", "at least twice as fast" if saved >= 2 else "hardly faster")


if __name__ == "__main__":
    asyncio.run(main())
