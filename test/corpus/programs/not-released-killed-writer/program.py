"""A writer that takes too long is killed, and another one goes on in its place."""
import multiprocessing
import time


class Journal:
    def __init__(self):
        self.lock = multiprocessing.Lock()
        self.lines = multiprocessing.Value("i", 0, lock=False)

    def write(self, seconds):
        """One line, which takes so long."""
        self.lock.acquire()
        try:
            time.sleep(seconds)
            self.lines.value += 1
        finally:
            self.lock.release()


def main():
    journal = Journal()
    for seconds in (0.01, 20, 0.01):
        writer = multiprocessing.Process(target=journal.write, args=(seconds,), name="writer")
        writer.start()
        writer.join(0.5 if seconds > 1 else None)
        if writer.is_alive():
            print("too slow")
            writer.kill()
            writer.join()
    print(journal.lines.value, "lines")


if __name__ == "__main__":
    main()
