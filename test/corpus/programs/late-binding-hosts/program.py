import threading

found = []
timers = []
for host in ["mail", "web", "files"]:
    timer = threading.Timer(0.05, lambda: found.append(host))
    timer.start()
    timers.append(timer)
for timer in timers:
    timer.join()
print(found)
