"""A server sends a long list to a client that reads slowly."""
import asyncio


async def send_list(reader, writer):
    for _ in range(120):
        writer.write(b"line" * 16_000)
        await asyncio.sleep(0)
    writer.transport.abort()


async def main():
    server = await asyncio.start_server(send_list, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        while await reader.read(20_000):
            await asyncio.sleep(0.005)
    except ConnectionError:
        pass
    server.close()


asyncio.run(main())
