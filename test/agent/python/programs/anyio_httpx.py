import sys

import anyio
import httpx


async def answer(scope, receive, send):
    await anyio.sleep(0.005)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


async def fetch(client, path):
    print((await client.get(path)).text)


async def serve(listener):
    async with await listener.accept() as stream:
        await stream.send((await stream.receive()).upper())


async def main():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=answer), base_url="http://here") as client:
        async with anyio.create_task_group() as group:
            group.start_soon(fetch, client, "/one")
    with anyio.move_on_after(0.005) as scope:
        await anyio.sleep(5)
    print(scope.cancel_called)
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = listener.extra(anyio.abc.SocketAttribute.local_port)
    async with anyio.create_task_group() as group:
        group.start_soon(serve, listener.listeners[0])
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            await stream.send(b"hello")
            print(await stream.receive())
    await listener.aclose()
    print(await anyio.to_thread.run_sync(sum, [1, 2]))


anyio.run(main, backend=sys.argv[1])
