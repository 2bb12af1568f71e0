"""Each part of a file is compressed by a process; then the parts are put together."""
import multiprocessing as mp


def compress(parts, number):
    for _ in range(40):
        parts.put((number, b"x" * 5000))


def main():
    parts = mp.Queue()
    helpers = [mp.Process(target=compress, args=(parts, n)) for n in range(2)]
    for helper in helpers:
        helper.start()
    for helper in helpers:
        helper.join()
    print(sum(len(parts.get()[1]) for _ in range(80)))


if __name__ == "__main__":
    main()
