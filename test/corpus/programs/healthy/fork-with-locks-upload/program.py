"""A server with a thread that writes statistics forks a child for each upload."""
import os
import threading
import time

table_lock = threading.RLock()
table = {}
is_writing = threading.Event()


def write_table():
    with table_lock:
        is_writing.set()
        time.sleep(0.5)
        table["written"] = True


def upload():
    with table_lock:
        table["uploads"] = 1
    os._exit(0)


writer = threading.Thread(target=write_table)
writer.start()
writer.join()
pid = os.fork()
if pid == 0:
    upload()
os.waitpid(pid, 0)
writer.join()
print("uploaded")
