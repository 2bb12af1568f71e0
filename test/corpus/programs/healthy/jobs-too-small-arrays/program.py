"""Each call has a large argument of its own."""
from multiprocessing import Pool
def total(numbers):
    return sum(numbers)
if __name__ == "__main__":
    with Pool(2) as pool:
        print(sum(pool.map(total, ([n] * 300_000 for n in range(12)), 1)))
