"""Sizes of folders are asked in threads, and told after a moment."""
import threading
import time

sizes = {}


def ask(folder, seconds):
    time.sleep(seconds)
    sizes[folder] = len(folder)


for number, folder in enumerate(["a", "bb", "ccc"]):
    threading.Thread(target=ask, args=(folder, 0.1 * number)).start()
time.sleep(0.05)
print(len(sizes), "sizes")
