"""Shrink photos in a pool and say that all is done."""
import multiprocessing as mp
import time


def shrink(photo):
    time.sleep(0.2)
    return photo // 2


def main():
    with mp.Pool(2) as helpers:
        small = helpers.map_async(shrink, range(6))
        print("all photos are given", sum(small.get()))


if __name__ == "__main__":
    main()
