"""Scores texts with a dictionary that the scorer has."""
import multiprocessing as mp

class Scorer:
    def __init__(self, words):
        self.weights = {f"word{n}": n % 7 for n in range(words)}
    def score(self, text):
        return sum(self.weights.get(word, 0) for word in text.split())

def main():
    scorer = Scorer(60_000)
    texts = [f"word{n} word{n * 2} word{n * 3}" for n in range(40)]
    with mp.get_context("fork").Pool(2) as pool:
        print(sum(pool.map(scorer.score, texts, chunksize=1)))

if __name__ == "__main__":
    main()
