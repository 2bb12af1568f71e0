"""Prints the time of a request with aiohttp, client and server in one process, in ns.

`setprofile`: under an empty profile function.
"""
import asyncio
import sys
import time

import aiohttp
from aiohttp import web

CLIENTS = 10
TIMES = 40


async def handle(request):
    data = await request.json()
    return web.json_response({"sum": sum(data["n"])})


async def ask(session, port, times):
    for _ in range(times):
        async with session.post(f"http://127.0.0.1:{port}/", json={"n": list(range(50))}) as response:
            await response.json()


async def main():
    application = web.Application()
    application.router.add_post("/", handle)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    async with aiohttp.ClientSession() as session:
        await ask(session, port, TIMES)
        started = time.perf_counter_ns()
        await asyncio.gather(*(ask(session, port, TIMES) for _ in range(CLIENTS)))
        ended = time.perf_counter_ns()
    await runner.cleanup()
    print((ended - started) // (CLIENTS * TIMES))


if sys.argv[1:] == ["setprofile"]:
    sys.setprofile(lambda *_: None)
asyncio.run(main())
