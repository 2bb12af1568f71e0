"""Votes are collected by processes in lists that a manager keeps."""
import multiprocessing as mp


def collect(votes, party, count):
    for number in range(count):
        votes[party] = votes.get(party) + [number]


def main():
    with mp.Manager() as manager:
        votes = manager.dict(red=[], blue=[])
        helpers = [mp.Process(target=collect, args=(votes, *each)) for each in (("red", 3), ("blue", 2))]
        for helper in helpers:
            helper.start()
        for helper in helpers:
            helper.join()
        print({party: len(found) for party, found in votes.items()})


if __name__ == "__main__":
    main()
