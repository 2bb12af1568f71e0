"""Looks for primes in several processes."""
from concurrent.futures import ProcessPoolExecutor

found = []

def is_prime(n):
    return n > 1 and all(n % k for k in range(2, int(n ** 0.5) + 1))

def look(part):
    for n in part:
        if is_prime(n):
            found.append(n)

def main():
    parts = [range(n, 400, 4) for n in range(4)]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(look, parts))
    print(len(found), "primes")

if __name__ == "__main__":
    main()
