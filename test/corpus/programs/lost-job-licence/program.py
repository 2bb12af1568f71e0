"""Check licences in a pool; the checker of one of them ends its process."""
import multiprocessing as mp
import os


def check(licence):
    if licence == "broken":
        os._exit(3)
    return len(licence)


def main():
    with mp.Pool(2) as checkers:
        asked = [checkers.apply_async(check, (name,)) for name in ("mit", "broken", "bsd")]
        print([each.get() for each in asked])


if __name__ == "__main__":
    main()
