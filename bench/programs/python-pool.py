"""Prints the time of an item of `Pool.map`, one a call, in ns.

`setprofile`: under an empty profile function.
"""
import multiprocessing
import sys
import time

ITEMS = 3000


def work(item):
    return item + 1


if __name__ == "__main__":
    if sys.argv[1:] == ["setprofile"]:
        sys.setprofile(lambda *_: None)
    with multiprocessing.Pool(2) as pool:
        pool.map(work, range(100), chunksize=1)
        started = time.perf_counter_ns()
        pool.map(work, range(ITEMS), chunksize=1)
        print((time.perf_counter_ns() - started) // ITEMS)
