"""Sizes of folders are asked in threads, and told when all have answered."""
import threading
import time

sizes = {}


def ask(folder, seconds):
    time.sleep(seconds)
    sizes[folder] = len(folder)


asking = [threading.Thread(target=ask, args=(folder, 0.05 * number)) for number, folder in enumerate(["a", "bb", "ccc"])]
for thread in asking:
    thread.start()
for thread in asking:
    thread.join()
print(len(sizes), "sizes")
