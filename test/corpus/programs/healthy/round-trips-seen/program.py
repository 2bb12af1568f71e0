"""Looks for words that occur twice, in a pool."""
import multiprocessing as mp

def look(part, seen):
    again = 0
    own = {}
    for word in part:
        again += word in own
        own[word] = True
    seen.update(own)
    return again

def main():
    words = [f"word{n % 900}" for n in range(6000)]
    with mp.Manager() as manager, mp.Pool(2) as pool:
        seen = manager.dict()
        print(sum(pool.starmap(look, [(words[n::4], seen) for n in range(4)])) > 0)

if __name__ == "__main__":
    main()
