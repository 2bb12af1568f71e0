import asyncio


def answer(waiting, replies):
    waiting.set_result(replies["status"])


async def ask(replies):
    loop = asyncio.get_running_loop()
    waiting = loop.create_future()
    loop.call_later(0.05, answer, waiting, replies)
    return await waiting


print(asyncio.run(ask({"state": "ok"})))
