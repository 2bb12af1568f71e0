import threading
import time

changed = threading.Condition()
queue = []


def deliver():
    with changed:
        queue.append("letter")
        changed.notify()


def collect():
    time.sleep(0.1)
    with changed:
        changed.wait_for(lambda: queue)
        print(queue.pop())


threads = [threading.Thread(target=deliver), threading.Thread(target=collect)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
