"""A cache whose old entries are swept out by a thread of its own."""
import threading
import time


class Cache:
    def __init__(self):
        self.entries = {}
        self.lock = threading.Lock()
        self.is_open = True
        self.thread = threading.Thread(target=self.sweep, name="sweeper")
        self.thread.start()

    def sweep(self):
        while self.is_open:
            time.sleep(0.05)
            with self.lock:
                self.entries.clear()

    def close(self):
        # Nobody may write while it is being closed.
        with self.lock:
            self.is_open = False
            self.entries["closed"] = time.monotonic()
            time.sleep(0.1)
        self.thread.join()


cache = Cache()
time.sleep(0.12)
cache.close()
print("closed")
