"""Four threads add to one sum under a lock, an event starts them together, and one that fails tells
so by a queue.

What to look for: a lane for each thread and who joined it, who has the lock and who waits for it.
Threads take turns under the interpreter's lock, so their run time is not drawn as parallel.
"""
import queue
import threading
import time

total = 0
sum_lock = threading.Lock()
start = threading.Event()
messages = queue.Queue()


def add(number):
    global total
    start.wait()
    for _ in range(3):
        with sum_lock:
            before = total
            time.sleep(0.002)
            total = before + number


def failing():
    try:
        raise ValueError("no number")
    except ValueError as error:
        messages.put(f"failed: {error}")


def main():
    threads = [threading.Thread(target=add, name=f"adder {n}", args=(n,)) for n in (1, 2, 3, 4)]
    threads.append(threading.Thread(target=failing, name="fifth"))
    for thread in threads:
        thread.start()
    start.set()
    for thread in threads:
        thread.join()
    print("sum", total)
    print("the fifth thread", messages.get())


if __name__ == "__main__":
    main()
