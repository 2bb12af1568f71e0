"""Prints the time of a request over asyncio's streams on this machine, with headers and JSON, in ns.

`setprofile`: under an empty profile function.
"""
import asyncio
import json
import sys
import time

CLIENTS = 10


async def handle(reader, writer):
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            break
        lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        data = json.loads(await reader.readexactly(int(headers["Content-Length"])))
        body = json.dumps({"sum": sum(data["n"]), "echo": data, "headers": headers}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
    writer.close()


async def ask(port, times):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps({"n": list(range(50)), "text": "x" * 200}).encode()
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nContent-Length: %d\r\n\r\n"
    for _ in range(times):
        writer.write(request % len(body) + body)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.decode().split("Content-Length: ")[1].split("\r\n")[0])
        json.loads(await reader.readexactly(length))
    writer.close()


async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await asyncio.gather(*[ask(port, 20) for _ in range(CLIENTS)])
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        await asyncio.gather(*[ask(port, 100) for _ in range(CLIENTS)])
        best = min(best, (time.perf_counter() - started) / (100 * CLIENTS))
    print(best * 1e9)
    server.close()


if sys.argv[1:] == ["setprofile"]:
    sys.setprofile(lambda *_: None)
asyncio.run(main())
