import queue
import threading

pages = queue.Queue(maxsize=2)


def printer():
    while True:
        page = pages.get()
        if page == "photo":
            print("no colour")


threading.Thread(target=printer, name="printer", daemon=True).start()
for page in ["text", "text", "photo", "text", "text", "text", "text"]:
    pages.put(page)
print("sent")
