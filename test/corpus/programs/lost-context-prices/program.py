"""Prices are looked up in threads; each line of the log names its trace."""
import asyncio
import contextvars

trace_id = contextvars.ContextVar("trace_id", default="-")
log = []

def look_up(article):
    log.append(f"{trace_id.get()} {article}")
    return len(article)

async def price(number, article):
    trace_id.set(f"t{number}")
    return await asyncio.get_running_loop().run_in_executor(None, look_up, article)

async def main():
    print(await asyncio.gather(price(1, "tea"), price(2, "bread")))
    print(sorted(log))

asyncio.run(main())
