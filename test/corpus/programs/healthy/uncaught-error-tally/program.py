"""Votes are counted in a pool; the last one opens the gate."""
import threading
from concurrent.futures import ThreadPoolExecutor


class Count:
    def __init__(self, votes):
        self.left = len(votes)
        self.done = threading.Semaphore(0)
        self.totals = {"yes": 0, "no": 0}
        self.votes = votes


def tally(count):
    def add(future):
        word = future.result()
        count.totals[word] = count.totals.get(word, 0) + 1
        count.left -= 1
        if count.left == 0:
            count.done.release()

    return add


def run(count):
    with ThreadPoolExecutor(2) as pool:
        for vote in count.votes:
            pool.submit(vote.strip).add_done_callback(tally(count))
        count.done.acquire()
    return count.totals


print(run(Count([" yes", "no ", "maybe"])))
