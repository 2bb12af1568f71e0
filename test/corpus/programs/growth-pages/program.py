"""Words are counted in two threads, as long as pages come."""
import time
from multiprocessing.dummy import Pool


def pages():
    for number in range(400):
        yield str(number % 10) * 100_000


def count_words(page):
    time.sleep(0.002)
    return len(page)


with Pool(2) as counters:
    print(sum(counters.imap_unordered(count_words, pages())))
