import trio


async def produce(send):
    async with send:
        await trio.sleep(0.001)
        for number in range(5):
            await send.send(number)


async def consume(receive, lock):
    async with receive:
        async for _ in receive:
            async with lock:
                pass


async def failing():
    await trio.sleep(0.005)
    raise ValueError("no")


async def forever(event):
    await event.wait()


async def echo(stream):
    await stream.send_all(await stream.receive_some())


async def main():
    send, receive = trio.open_memory_channel(2)
    lock = trio.Lock()
    await lock.acquire()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(produce, send)
        for number in range(2):
            nursery.start_soon(consume, receive.clone(), lock, name=f"consumer {number}")
        receive.close()
        # Both consumers have one each and wait for the lock, two lie in the channel, one waits.
        while send.statistics().tasks_waiting_send == 0:
            await trio.sleep(0.001)
        lock.release()
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(forever, trio.Event())
            nursery.start_soon(failing)
    except Exception as error:
        print(type(error).__name__)
    with trio.move_on_after(0.005) as scope:
        await trio.sleep(5)
    print(scope.cancelled_caught, await trio.to_thread.run_sync(sum, [1, 2]))
    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, echo, 0)
        stream = await trio.open_tcp_stream("127.0.0.1", listeners[0].socket.getsockname()[1])
        await stream.send_all(b"hello")
        print(await stream.receive_some())
        nursery.cancel_scope.cancel()


trio.run(main)
