"""Waits for letters that a thread brings."""
import asyncio
import threading
import time

letters = []

def postman():
    for n in range(4):
        time.sleep(0.2)
        letters.append(f"letter {n}")

async def next_letter():
    while not letters:
        await asyncio.sleep(0)
    return letters.pop(0)

async def main():
    threading.Thread(target=postman).start()
    read = 0
    while read < 4:
        print(await next_letter())
        read += 1

asyncio.run(main())
