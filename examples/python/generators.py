"""Coroutines of plain generators: a running mean that is primed and sent numbers, thrown an error
and closed, and a grep that prints what it is sent.

What to look for: each `send` as a switch into the generator and back, the kinds of the values, and
the clean-up at `close`. Generators are hot: they are traced with `--generators`.
"""


def running_mean():
    total, count, mean = 0.0, 0, None
    try:
        while True:
            try:
                value = yield mean
            except ValueError:
                total, count, mean = 0.0, 0, None
                continue
            total += value
            count += 1
            mean = total / count
    finally:
        print("mean of", count, "is cleaned up")


def grep(pattern):
    while True:
        line = yield
        if pattern in line:
            print(pattern, "is in", line)


def main():
    mean = running_mean()
    next(mean)
    print([mean.send(value) for value in (2, 4, 9)])
    mean.throw(ValueError("begin anew"))
    print(mean.send(7))
    mean.close()

    finder = grep("yield")
    finder.send(None)
    for line in ("a yield", "a return", "another yield"):
        finder.send(line)
    finder.close()


if __name__ == "__main__":
    main()
