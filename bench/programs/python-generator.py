"""Prints the time of a `send` to a generator and back, in ns.

`setprofile`: under an empty profile function.
"""
import sys
import time

TIMES = 100_000


def mean():
    total, count = 0.0, 0
    while True:
        total += yield total / (count or 1)
        count += 1


if sys.argv[1:] == ["setprofile"]:
    sys.setprofile(lambda *_: None)
generator = mean()
next(generator)
started = time.perf_counter_ns()
for item in range(TIMES):
    generator.send(item)
print((time.perf_counter_ns() - started) // TIMES)
