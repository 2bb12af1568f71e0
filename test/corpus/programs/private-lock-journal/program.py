"""Threads number the lines of a journal."""
import threading
import time

class Journal:
    def __init__(self):
        self.lines = []
        self.name = "day"

    def add(self, text):
        with threading.Lock():
            number = len(self.lines)
            time.sleep(0.01)
            self.lines.append(f"{number} {text}")

def main():
    journal = Journal()
    threads = [threading.Thread(target=journal.add, args=(name,)) for name in ("ann", "ben", "cem")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(journal.lines)

main()
