"""Sizes of pages, worked out in processes."""
import multiprocessing as mp
import time

def size(page):
    time.sleep(0.3 / len(page))
    return len(page)

def main():
    pages = ["a", "page of some length", "a letter", "bb"]
    with mp.Pool(4) as pool:
        sizes = list(pool.imap(size, pages))
    wrong = [page for page, found in zip(pages, sizes) if len(page) != found]
    print(len(wrong), "wrong")

if __name__ == "__main__":
    main()
