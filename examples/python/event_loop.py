"""Tasks, futures and callbacks on one event loop, and its context switches.

What to look for: each switch: which task left, at which line and for what; which came, and who woke
it. The signal's handler stops the loop that runs for ever.
"""
import asyncio
import os
import signal


async def waiter(name, answer):
    value = await answer
    print(name, "got", value)
    return value


async def sleeper(seconds):
    await asyncio.sleep(seconds)
    return seconds


async def main():
    loop = asyncio.get_running_loop()
    answer = loop.create_future()
    waiters = [asyncio.ensure_future(waiter(f"waiter {n}", answer)) for n in (1, 2)]
    task = loop.create_task(sleeper(0.01))
    task.add_done_callback(lambda done: answer.set_result(done.result()))
    await asyncio.gather(*waiters)

    stubborn = loop.create_task(sleeper(60))
    await asyncio.sleep(0)
    stubborn.cancel()
    try:
        await stubborn
    except asyncio.CancelledError:
        print("the sleeper was cancelled")


def forever():
    loop = asyncio.new_event_loop()
    loop.add_signal_handler(signal.SIGUSR1, loop.stop)
    loop.call_later(0.01, os.kill, os.getpid(), signal.SIGUSR1)
    loop.run_forever()
    loop.close()
    print("the loop that ran for ever was stopped")


if __name__ == "__main__":
    asyncio.run(main())
    forever()
