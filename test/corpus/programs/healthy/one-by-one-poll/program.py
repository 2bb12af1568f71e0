import time
from concurrent.futures import ThreadPoolExecutor
def temperature(n):
    time.sleep(0.02)
    return n
readings = []
with ThreadPoolExecutor(4) as pool:
    for n in range(12):
        readings.append(pool.submit(temperature, n).result())
        time.sleep(0.05)
print(len(readings))
