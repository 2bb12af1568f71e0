"""Scores texts with a dictionary that each process gets once."""
import multiprocessing as mp

weights = {}

def prepare(words):
    weights.update({f"word{n}": n % 7 for n in range(words)})

def score(text):
    return sum(weights.get(word, 0) for word in text.split())

def main():
    texts = [f"word{n} word{n * 2} word{n * 3}" for n in range(40)]
    with mp.get_context("fork").Pool(2, prepare, (60_000,)) as pool:
        print(sum(pool.map(score, texts, chunksize=1)))

if __name__ == "__main__":
    main()
