import asyncio
import os
import signal

import uvloop


async def work(number):
    await asyncio.sleep(0.005 * number)
    return number


async def produce(queue):
    for number in range(5):
        await queue.put(number)
        await asyncio.sleep(0.001)


async def consume(queue):
    return [await queue.get() for _ in range(5)]


async def serve(reader, writer):
    writer.write((await reader.readline()).upper())
    await writer.drain()
    writer.close()


async def failing():
    await asyncio.sleep(0)
    raise ValueError("no")


def tick(answer):
    answer.set_result("tick")


async def main():
    loop = asyncio.get_running_loop()
    print(type(loop).__name__, await asyncio.gather(work(1), work(2)))
    queue = asyncio.Queue(2)
    print((await asyncio.gather(produce(queue), consume(queue)))[1])
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"hello\n")
    print(await reader.readline())
    writer.close()
    server.close()
    task = asyncio.create_task(work(1000), name="long")
    await asyncio.sleep(0)
    task.cancel()
    results = await asyncio.gather(task, asyncio.create_task(failing()), return_exceptions=True)
    print([type(result).__name__ for result in results], results[1].__traceback__.tb_next is None)
    print(await loop.run_in_executor(None, sum, [1, 2]))
    answer = loop.create_future()
    loop.call_later(0.001, tick, answer)
    print(await answer)
    signalled = loop.create_future()
    loop.add_signal_handler(signal.SIGUSR1, signalled.set_result, 7)
    os.kill(os.getpid(), signal.SIGUSR1)
    print(await signalled)


uvloop.install()
asyncio.run(main())
