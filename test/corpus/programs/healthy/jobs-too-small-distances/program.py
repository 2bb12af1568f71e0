"""The table goes along, and each call works for long on it."""
from functools import partial
from multiprocessing import Pool

def length(route, table=None):
    total = 0
    for _ in range(4):
        for n in range(0, len(table)):
            total += table[n] * route[0]
    return total

if __name__ == "__main__":
    distances = [n * 3 % 1000 for n in range(400_000)]
    routes = [[n, n + 5, n + 9] for n in range(6)]
    with Pool(2) as pool:
        print(sum(pool.map(partial(length, table=distances), routes, 1)))
