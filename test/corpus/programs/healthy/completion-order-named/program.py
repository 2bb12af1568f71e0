"""Scores as they come, each kept with the name that it is of."""
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

def score(name):
    time.sleep(0.3 / len(name))
    return len(name)

def main():
    names = ["a", "somebody", "anna"]
    order, scores = [], []
    with ThreadPoolExecutor(3) as pool:
        futures = {pool.submit(score, name): name for name in names}
        for future in as_completed(futures):
            scores.append(future.result())
            order.append(futures[future])
    for name, found in zip(order, scores):
        print(name, found)
    print(sum(scores), len(names))

main()
