"""Checks links in a pool of threads, one after another."""
import time
from concurrent.futures import ThreadPoolExecutor

def check(link):
    time.sleep(0.06)
    if link.endswith("7"):
        raise ConnectionError(link)
    return 200

def check_all(links):
    broken = []
    pool = ThreadPoolExecutor(max_workers=6)
    for job in [pool.submit(check, link) for link in links]:
        try:
            status = job.result(timeout=2)
        except ConnectionError as error:
            broken.append(str(error))
            continue
        assert status == 200
    pool.shutdown()
    return broken

print(check_all([f"/p{n}" for n in range(15)]))
