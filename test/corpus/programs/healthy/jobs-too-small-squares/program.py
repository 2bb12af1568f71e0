"""Ask a process for each square."""
import multiprocessing as mp


def square(number):
    return number * number


def main():
    with mp.Pool(2) as pool:
        print(sum(pool.map(square, range(3000), 1500)))


if __name__ == "__main__":
    main()
