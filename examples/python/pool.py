"""Calls of a pool of processes, and of executors of threads and processes.

What to look for: a lane for each worker, what it ran and when it was idle, and how long each call
waited before a worker took it.
"""
import concurrent.futures
import multiprocessing
import time


def how_many(row, low=4, high=8):
    time.sleep(0.002)
    return sum(low <= value <= high for value in row)


def square(number):
    time.sleep(0.002)
    return number * number


ROWS = [[(row * 7 + column * 3) % 11 for column in range(5)] for row in range(12)]


def main():
    with multiprocessing.Pool(3) as pool:
        print("apply", [pool.apply(how_many, (row, 4, 8)) for row in ROWS[:3]])
        print("map", pool.map(how_many, ROWS, chunksize=4))
        print("starmap", pool.starmap(how_many, [(row, 2, 3) for row in ROWS[:4]]))
        print("imap", list(pool.imap(square, range(5))))
        print("imap_unordered", sorted(pool.imap_unordered(square, range(5))))

    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        print("threads", list(threads.map(square, range(6))))

    with concurrent.futures.ProcessPoolExecutor(2) as processes:
        print("processes", list(processes.map(square, range(6), chunksize=2)))


if __name__ == "__main__":
    main()
