"""Counts votes, a process for each district."""
import multiprocessing as mp

def count(district, votes):
    for vote in district:
        votes[vote] = votes.get(vote, 0) + 1

def main():
    districts = [["oak", "elm", "oak"], ["elm", "elm"]]
    votes = mp.Manager().dict()
    counters = [mp.Process(target=count, args=(district, votes)) for district in districts]
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
    print(sorted(votes.items()))

if __name__ == "__main__":
    main()
