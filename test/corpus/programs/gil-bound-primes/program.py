"""Look for large primes in three threads."""
import threading

primes = []


def search(start):
    for number in range(start, start + 6000):
        if all(number % divisor for divisor in range(2, number // 12)):
            primes.append(number)


searchers = [threading.Thread(target=search, args=(start,)) for start in (6001, 16001, 26001, 36001)]
for searcher in searchers:
    searcher.start()
for searcher in searchers:
    searcher.join()
print(len(primes) > 10)
