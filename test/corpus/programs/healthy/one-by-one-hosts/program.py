"""Synchronous code that asks an event loop in another thread, one address at a time."""
import asyncio, threading

async def resolve(host):
    await asyncio.sleep(0.1)
    return host + ".example"

loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()

def resolve_all(hosts):
    names = []
    futures = [asyncio.run_coroutine_threadsafe(resolve(host), loop) for host in hosts]
    for future in futures:
        names.append(future.result(timeout=5))
    return names

print(len(resolve_all([f"h{n}" for n in range(10)])))
loop.call_soon_threadsafe(loop.stop)
