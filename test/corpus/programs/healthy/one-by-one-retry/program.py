import time
from concurrent.futures import ThreadPoolExecutor
def ask(attempt):
    time.sleep(0.07)
    if attempt < 6:
        raise TimeoutError(attempt)
    return "ok"
def patient(pool):
    for attempt in range(10):
        try:
            return pool.submit(ask, attempt).result()
        except TimeoutError:
            pass
with ThreadPoolExecutor(4) as pool:
    print(patient(pool))
