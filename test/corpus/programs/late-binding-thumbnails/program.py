import time
from concurrent.futures import ThreadPoolExecutor


def shrink(name, width):
    time.sleep(0.02)
    return f"{name} at {width}"


def shrink_all(names):
    with ThreadPoolExecutor(2) as pool:
        results = []
        for name in names:
            def work():
                return shrink(name, 200)

            results.append(pool.submit(work))
        return [result.result() for result in results]


print(shrink_all([f"photo-{number}" for number in range(8)]))
