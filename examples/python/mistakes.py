"""What is easily wrong: a coroutine that nobody awaited, an error that nobody asked for, a call that
holds the event loop, and waits one after another that need nothing of each other.

What to look for: a finding for each, with the line that made it.
"""
import asyncio
import gc
import time
import warnings


async def save(number):
    await asyncio.sleep(0.005)
    return number


async def failing():
    raise ValueError("nobody asks for this")


def think():
    time.sleep(0.2)


async def main():
    save(1)
    task = asyncio.ensure_future(failing())
    await asyncio.sleep(0)
    del task
    gc.collect()
    think()
    total = 0
    for number in range(5):
        total += await save(number)
    print("total", total)


if __name__ == "__main__":
    # The interpreter would tell of some of it, in its own words.
    warnings.simplefilter("ignore")
    loop_errors = []
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _, context: loop_errors.append(context["message"]))
    loop.run_until_complete(main())
    loop.close()
    print(len(loop_errors), "error was told to the loop's handler")
