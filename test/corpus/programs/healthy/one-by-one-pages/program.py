"""Sizes of pages, in a comprehension."""
import time
from concurrent.futures import ThreadPoolExecutor

def size(page):
    time.sleep(0.1)
    return len(page)

with ThreadPoolExecutor() as executor:
    sizes = list(executor.map(size, [f"page{n}" for n in range(10)]))
print(sum(sizes))
