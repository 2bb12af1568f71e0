"""Look for large primes in three processes."""
from concurrent.futures import ProcessPoolExecutor


def search(start):
    found = []
    for number in range(start, start + 6000):
        if all(number % divisor for divisor in range(2, number // 12)):
            found.append(number)
    return found


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        primes = [prime for found in pool.map(search, (6001, 16001, 26001, 36001)) for prime in found]
    print(len(primes) > 10)
