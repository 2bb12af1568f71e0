import threading


def refresh():
    timer = threading.Timer(0.3, refresh)
    timer.daemon = True
    timer.start()


refresh()
print("done")
