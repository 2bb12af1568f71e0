"""Ten requests at once to a server of its own, one of which fails, and what they gave in files.

What to look for: each request is a task that waits for the network; files are written by threads
of an executor. One error among good answers is told where it was asked for.

Needs aiohttp and aiofiles.
"""
import asyncio
import os
import tempfile

import aiofiles
import aiohttp
from aiohttp import web


async def answer(request):
    number = int(request.match_info["number"])
    await asyncio.sleep(0.02)
    if number == 7:
        raise web.HTTPNotFound()
    return web.json_response({"number": number, "square": number * number})


async def start_server():
    application = web.Application()
    application.router.add_get("/squares/{number}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, site._server.sockets[0].getsockname()[1]


async def fetch(session, port, number):
    async with session.get(f"http://127.0.0.1:{port}/squares/{number}") as response:
        response.raise_for_status()
        return (await response.json())["square"]


async def save(folder, number, square):
    async with aiofiles.open(os.path.join(folder, f"{number}.txt"), "w") as file:
        await file.write(str(square))


async def main():
    runner, port = await start_server()
    async with aiohttp.ClientSession() as session:
        fetches = (fetch(session, port, number) for number in range(10))
        squares = await asyncio.gather(*fetches, return_exceptions=True)
    await runner.cleanup()
    good = {number: square for number, square in enumerate(squares) if isinstance(square, int)}
    failed = [square.status for square in squares if isinstance(square, aiohttp.ClientResponseError)]
    print("squares", sorted(good.values()), "failed with", failed)
    with tempfile.TemporaryDirectory() as folder:
        await asyncio.gather(*(save(folder, number, square) for number, square in good.items()))
        print(len(os.listdir(folder)), "files")


if __name__ == "__main__":
    asyncio.run(main())
