"""Calls of a pool that are not waited for at once, with callbacks.

What to look for: each call from the line that gave it to the pool, through its worker, to its
callback. Callbacks come in the order of completion, results in the order of the input.
"""
import multiprocessing
import time


def work(number):
    time.sleep(0.002 * (4 - number))
    if number == 3:
        raise ValueError("three")
    return number * number


def add(a, b):
    return a + b


def main():
    completed, failed = [], []
    with multiprocessing.Pool(3) as pool:
        calls = [
            pool.apply_async(work, (n,), callback=completed.append, error_callback=failed.append)
            for n in range(4)
        ]
        for call in calls:
            call.wait()
        print("results", [call.get() for call in calls[:3]])
        print("callbacks got", sorted(completed), "and", [str(error) for error in failed])
        print("map_async", pool.map_async(work, range(3)).get())
        print("starmap_async", pool.starmap_async(add, [(1, 2), (3, 4)]).get())


if __name__ == "__main__":
    main()
