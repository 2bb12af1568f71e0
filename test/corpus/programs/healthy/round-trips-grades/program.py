"""Counts grades in two processes."""
import multiprocessing as mp

def count(grades, totals):
    own = [0] * 10
    for grade in grades:
        own[grade] += 1
    for grade, found in enumerate(own):
        totals[grade] += found

def main():
    grades = [n * 7 % 10 for n in range(6000)]
    with mp.Manager() as manager:
        totals = manager.list([0] * 10)
        parts = [mp.Process(target=count, args=(grades[n::2], totals)) for n in range(2)]
        for part in parts:
            part.start()
        for part in parts:
            part.join()
        print(len(totals))

if __name__ == "__main__":
    main()
