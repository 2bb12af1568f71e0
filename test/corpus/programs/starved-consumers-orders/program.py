"""Orders go through a small queue to a packer; the end is told if there is room."""
import queue
import threading
import time

orders = queue.Queue(maxsize=2)


def take_orders():
    for number in range(6):
        orders.put(number)
    try:
        orders.put(None, block=False)
    except queue.Full:
        pass


threading.Thread(target=take_orders).start()
packed = 0
while orders.get() is not None:
    time.sleep(0.02)
    packed += 1
print(packed)
