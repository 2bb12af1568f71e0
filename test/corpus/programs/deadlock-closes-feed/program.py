"""A feed with a thread that reads and one that pings: either one may close the feed."""
import queue
import threading
import time


class Feed:
    def __init__(self):
        self.lines = queue.Queue()
        self.closed = threading.Event()
        self.threads = {
            "reader": threading.Thread(target=self.read, name="reader"),
            "ping": threading.Thread(target=self.ping, name="ping"),
        }

    def close(self):
        self.closed.set()
        self.lines.put(None)
        for name, thread in self.threads.items():
            if name != threading.current_thread().name:
                thread.join()

    def read(self):
        while (line := self.lines.get()) is not None:
            print(line)
        self.close()

    def ping(self):
        for number in range(3):
            time.sleep(0.05)
            self.lines.put(f"ping {number}")
        self.close()


feed = Feed()
for each in feed.threads.values():
    each.start()
feed.threads["reader"].join()
