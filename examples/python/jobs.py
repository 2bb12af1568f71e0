"""Jobs of RQ through a Redis: enqueued here, performed by a worker's forked process.

What to look for: each job from the line that enqueued it, to the work-horse that performed it, to
how it ended.

Needs redis and rq, and a Redis at REDIS_URL (redis://127.0.0.1:6379 without it).
"""
import multiprocessing
import os

from redis import Redis
from rq import Queue, Worker


def count_letters(text):
    return sum(letter.isalpha() for letter in text)


def fail():
    raise ValueError("no text")


def connect():
    return Redis.from_url(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379"))


def run_worker(name):
    Worker([name], connection=connect()).work(burst=True, logging_level="CRITICAL")


def main():
    queue = Queue(f"letters-{os.getpid()}", connection=connect())
    jobs = [queue.enqueue("jobs.count_letters", text) for text in ("one two", "three", "4")]
    failing = queue.enqueue("jobs.fail")
    worker = multiprocessing.Process(target=run_worker, name="worker", args=(queue.name,))
    worker.start()
    worker.join()
    for job in [*jobs, failing]:
        job.refresh()
    print("letters", [job.result for job in jobs])
    print("the last one", failing.get_status())
    for job in [*jobs, failing]:
        job.delete()


if __name__ == "__main__":
    main()
