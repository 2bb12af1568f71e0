import threading
import time
from types import SimpleNamespace

shop = SimpleNamespace(name="lamps")
seen = []
timers = []
for name in ["mail", "web", "files"]:
    # `name` here is the shop's, and the variable of the loop is bound by the default.
    timer = threading.Timer(0.05, lambda name=name: seen.append((shop.name, name)))
    timer.start()
    timers.append(timer)
for timer in timers:
    timer.join()
print(sorted(seen))
