import threading
import time


class Kitchen:
    def __init__(self):
        self.rung = []

    def ring(self, dish):
        self.rung.append(dish)
        print("ready:", dish)

    def start(self, dishes):
        alarms = []
        for number, dish in enumerate(dishes):
            alarm = threading.Timer(0.1 + 0.02 * number, self.ring, [dish])
            alarm.start()
            alarms.append(alarm)
        return alarms


kitchen = Kitchen()
for alarm in kitchen.start(["rice", "beans", "pie", "tea"]):
    alarm.join()
print(kitchen.rung)
