import threading


def refresh():
    timer = threading.Timer(0.3, refresh)
    timer.start()


refresh()
print("done")
