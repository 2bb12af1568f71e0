import threading
import time


def heartbeat():
    while True:
        time.sleep(0.2)


threading.Thread(target=heartbeat).start()
print("work is done")
