"""A running mean, as a coroutine with send."""


def mean(results):
    total = count = 0
    while True:
        value = yield
        total += value
        count += 1
        results.append(total / count)


class Meter:
    def __init__(self):
        self.results = []

    def read(self, values):
        averager = mean(self.results)
        for value in values:
            averager.send(value)


meter = Meter()
meter.read([1, 2, 3])
print(meter.results)
