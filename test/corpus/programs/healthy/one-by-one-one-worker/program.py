"""A database that bears one writer: a pool of one."""
import time
from concurrent.futures import ThreadPoolExecutor
def write(n):
    time.sleep(0.06)
    return n
rows = []
with ThreadPoolExecutor(1) as writer:
    for n in range(10):
        rows.append(writer.submit(write, n).result())
print(len(rows))
