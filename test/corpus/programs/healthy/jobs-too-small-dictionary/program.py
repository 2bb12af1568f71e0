from concurrent.futures import ProcessPoolExecutor


class Dictionary:
    def __init__(self, size):
        self.words = {f"word{number}": [number % 11, f"group {number % 30}", number / 7] for number in range(size)}

    def weight(self, sentence):
        return sum(self.words[word][0] for word in sentence if word in self.words)


dictionary = Dictionary(30_000)


def weight(sentence):
    return dictionary.weight(sentence)


def weights(sentences):
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(weight, sentences, chunksize=12))


def main():
    sentences = [[f"word{number * step}" for step in range(20)] for number in range(24)]
    print(sum(weights(sentences)))


if __name__ == "__main__":
    main()
