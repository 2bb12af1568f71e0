"""Producers and consumers: with asyncio's queues, with threads, and between processes.

What to look for: each queue's depth against its capacity, who waits in `put` and who in `get`. The
producers say that they are done by one None for each consumer.
"""
import asyncio
import multiprocessing
import queue
import threading


async def produce(orders, first):
    for number in range(first, first + 10):
        await orders.put(number)
        await asyncio.sleep(0.001)


async def consume(orders, worth):
    while True:
        number = await orders.get()
        if number is None:
            return
        await asyncio.sleep(0.004)
        worth.append(number)
        orders.task_done()


async def with_tasks():
    orders = asyncio.Queue(maxsize=4)
    worth = []
    consumers = [asyncio.ensure_future(consume(orders, worth)) for _ in range(3)]
    await asyncio.gather(produce(orders, 0), produce(orders, 100))
    await orders.join()
    for _ in consumers:
        await orders.put(None)
    await asyncio.gather(*consumers)
    print(len(worth), "items worth", sum(worth))

    urgent = asyncio.PriorityQueue()
    for priority, name in ((5, "later"), (1, "now"), (2, "soon")):
        urgent.put_nowait((priority, name))
    print([urgent.get_nowait()[1] for _ in range(3)])


def produce_in_thread(jobs):
    for number in range(6):
        jobs.put(number)
    jobs.put(None)


def with_threads():
    jobs = queue.Queue(maxsize=2)
    producer = threading.Thread(target=produce_in_thread, name="producer", args=(jobs,))
    producer.start()
    taken = list(iter(jobs.get, None))
    producer.join()
    print("from the thread", taken)


def produce_in_process(results):
    for number in range(4):
        results.put(number * number)
    results.put(None)


def with_processes():
    results = multiprocessing.Queue()
    process = multiprocessing.Process(target=produce_in_process, name="squares", args=(results,))
    process.start()
    taken = list(iter(results.get, None))
    process.join()
    print("from the process", taken)


if __name__ == "__main__":
    asyncio.run(with_tasks())
    with_threads()
    with_processes()
