"""Jobs through RQ with a worker of its own, which forks for each.

    python3 jobs_rq.py JOBS ROUND_TRIPS        (PORT: of a Redis)
    → {"perSecond": 12.3, "latencyMs": 80.1, "cpuUs": 9000.0}
"""
import json
import multiprocessing
import os
import resource
import sys
import time

from redis import Redis
from rq import Queue, Worker


def echo(x):
    return x


def work(count):
    connection = Redis(port=int(os.environ["PORT"]))
    Worker([Queue("bench", connection=connection)], connection=connection).work(
        max_jobs=count, logging_level="CRITICAL"
    )


def main():
    jobs, round_trips = int(sys.argv[1]), int(sys.argv[2])
    connection = Redis(port=int(os.environ["PORT"]))
    queue = Queue("bench", connection=connection)
    worker = multiprocessing.Process(target=work, args=(jobs + round_trips + 1,))
    worker.start()
    queue.enqueue("jobs_rq.echo", 0).latest_result(timeout=60)
    since = time.perf_counter()
    added = [queue.enqueue("jobs_rq.echo", i) for i in range(jobs)]
    for job in added:
        job.latest_result(timeout=60)
    per_second = jobs / (time.perf_counter() - since)
    times = []
    for i in range(round_trips):
        since = time.perf_counter()
        queue.enqueue("jobs_rq.echo", i).latest_result(timeout=60)
        times.append(time.perf_counter() - since)
    worker.join()
    # That of the producer, the worker and its work-horses, as they have ended.
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(each.ru_utime + each.ru_stime for each in used)
    latency = sorted(times)[len(times) // 2] * 1000
    figures = {"perSecond": round(per_second, 1), "latencyMs": latency, "cpuUs": cpu * 1e6 / (jobs + round_trips)}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
