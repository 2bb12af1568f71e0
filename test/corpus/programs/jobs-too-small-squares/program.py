"""Ask a process for each square."""
import multiprocessing as mp


def square(number):
    return number * number


def main():
    with mp.Pool(2) as pool:
        asked = [pool.apply_async(square, (number,)) for number in range(20_000)]
        print(sum(each.get() for each in asked))


if __name__ == "__main__":
    main()
