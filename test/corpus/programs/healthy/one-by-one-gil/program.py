"""Pure Python has one processor anyway."""
from concurrent.futures import ThreadPoolExecutor
def busy(n):
    return sum(i * i for i in range(600_000 + n))
rows = []
with ThreadPoolExecutor(4) as pool:
    for n in range(8):
        rows.append(pool.submit(busy, n).result())
print(len(rows))
