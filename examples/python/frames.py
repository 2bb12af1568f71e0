"""A data frame through a pool: by row, by column, and in parts.

What to look for: how many calls each way makes, how large they are, and how even. Rows are many
small calls, parts are few large ones.

Needs pandas.
"""
import multiprocessing

import pandas


def row_range(row):
    return max(row[1:]) - min(row[1:])


def column_sum(column):
    return int(sum(column))


def part_mean(part):
    return float(part["a"].mean())


def main():
    frame = pandas.DataFrame({name: [(i * step) % 17 for i in range(40)] for name, step in zip("abcd", (3, 5, 7, 11))})
    with multiprocessing.Pool(2) as pool:
        ranges = pool.map(row_range, frame.itertuples(name=None), chunksize=10)
        print("by row", len(ranges), "ranges, the largest", max(ranges))
        print("by column", pool.map(column_sum, [frame[name] for name in frame], chunksize=1))
        parts = [frame[start : start + 10] for start in range(0, 40, 10)]
        print("in parts", pool.map(part_mean, parts, chunksize=1))


if __name__ == "__main__":
    main()
