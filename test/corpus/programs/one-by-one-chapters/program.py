"""Counts words of chapters with a pool of processes."""
import multiprocessing, time

def count(chapter):
    time.sleep(0.08)
    return len(chapter.split())

def count_all(pool, chapters):
    counts = {}
    for number, chapter in enumerate(chapters):
        counts[number] = pool.apply(count, (chapter,))
    return counts

if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(4) as pool:
        print(sum(count_all(pool, ["a b c " * n for n in range(12)]).values()))
