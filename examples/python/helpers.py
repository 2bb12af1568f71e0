"""The helpers of asyncio: gather, wait, wait_for, as_completed, shield, and task groups.

What to look for: which child ended each wait, and who was cancelled by whom.
"""
import asyncio
import sys


async def work(name, seconds, fails=False):
    await asyncio.sleep(seconds)
    if fails:
        raise ValueError(name)
    return name


async def main():
    print("gather", await asyncio.gather(work("a", 0.02), work("b", 0.01)))
    mixed = await asyncio.gather(work("c", 0.01), work("d", 0.01, fails=True), return_exceptions=True)
    print("with errors", [type(result).__name__ for result in mixed])

    tasks = [asyncio.ensure_future(work("e", 0.01)), asyncio.ensure_future(work("f", 5))]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print("wait", [task.result() for task in done], len(pending), "pending")
    for task in pending:
        task.cancel()

    order = [await each for each in asyncio.as_completed([work("slow", 0.03), work("quick", 0.01)])]
    print("as_completed", order)

    try:
        await asyncio.wait_for(work("late", 5), timeout=0.01)
    except asyncio.TimeoutError:
        print("wait_for was too late")

    kept = asyncio.ensure_future(work("kept", 0.03))
    try:
        await asyncio.wait_for(asyncio.shield(kept), timeout=0.01)
    except asyncio.TimeoutError:
        print("shielded:", await kept)

    if sys.version_info >= (3, 11):
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(work("sibling", 5), name="sibling")
                group.create_task(work("failing", 0.01, fails=True), name="failing")
        except Exception as error:
            assert type(error).__name__ == "ExceptionGroup"
    print("a group ends its siblings")


if __name__ == "__main__":
    asyncio.run(main())
