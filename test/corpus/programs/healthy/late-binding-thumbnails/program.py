import time
from concurrent.futures import ThreadPoolExecutor


def shrink(name, width):
    time.sleep(0.02)
    return f"{name} at {width}"


def shrink_all(names):
    with ThreadPoolExecutor(2) as pool:
        results = []
        for name in names:
            results.append(pool.submit(shrink, name, 200))
        return [result.result() for result in results]


print(shrink_all([f"photo-{number}" for number in range(8)]))
