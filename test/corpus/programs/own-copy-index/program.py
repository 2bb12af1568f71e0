"""An index of words, filled by a pool."""
import multiprocessing as mp

class Index:
    def __init__(self):
        self.words = {}

    def add(self, text):
        for word in text.split():
            self.words.setdefault(word, []).append(text)
        return len(text)

    def report(self):
        return len(self.words)

def main():
    index = Index()
    texts = ["a red fox", "a dog", "the red dog"]
    with mp.Pool(2) as pool:
        pool.map(index.add, texts)
    print(index.report(), "words")

if __name__ == "__main__":
    main()
