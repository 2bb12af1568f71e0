"""Pages with a time limit, over a few browsers."""
import asyncio

async def load(page):
    await asyncio.sleep(10 if page == "slow" else 0.01)
    return page

async def shot(browsers, page):
    browser = await browsers.get()
    picture = await load(page)
    browsers.put_nowait(browser)
    return picture

async def main():
    browsers = asyncio.Queue()
    for n in range(2):
        browsers.put_nowait(f"browser{n}")
    for page in ["a", "slow", "b", "slow", "c"]:
        try:
            print(await asyncio.wait_for(shot(browsers, page), 0.2), flush=True)
        except asyncio.TimeoutError:
            print("too slow", page, flush=True)
        if page == "slow":
            continue
    await shot(browsers, "last")

async def run():
    await asyncio.gather(main())
    print(await shot(asyncio.Queue(), "x"))
asyncio.run(main())
