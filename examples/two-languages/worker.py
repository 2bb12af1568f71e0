"""The other half of producer.ts: does three jobs of the queue "words", and ends.

It needs BullMQ's port to Python: pip install bullmq
"""
import asyncio
import os

from bullmq import Worker

REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379")


async def count_words(job, token):
    # The second text is refused at first.
    if job.data["text"].startswith("that") and job.attemptsMade == 0:
        raise ValueError("ask again")
    await asyncio.sleep(0.01)
    return len(job.data["text"].split())


async def main():
    done = asyncio.Semaphore(0)
    worker = Worker("words", count_words, {"connection": REDIS_URL})
    worker.on("completed", lambda job, result: done.release())
    for _ in range(3):
        await done.acquire()
    await worker.close()


asyncio.run(main())
