"""Files are hashed in threads; a small setting is read meanwhile."""
import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


def hash_file(number):
    time.sleep(0.3)
    return number


def read_setting():
    return "dark"


async def main():
    loop = asyncio.get_running_loop()
    helpers = ThreadPoolExecutor(2)
    hashing = [loop.run_in_executor(helpers, hash_file, number) for number in range(6)]
    print(await loop.run_in_executor(None, read_setting))
    await asyncio.gather(*hashing)


asyncio.run(main())
