"""A thread refreshes a cache whenever it is told to."""
import threading


class Cache:
    def __init__(self):
        self.stale = threading.Event()
        self.rounds = 0
        self.closed = False

    def refresh(self):
        while not self.closed:
            self.stale.wait()
            self.stale.clear()
            self.rounds += 1


cache = Cache()
threading.Thread(target=cache.refresh, name="refresher").start()
cache.stale.set()
cache.closed = True
cache.stale.set()
print("used")
