"""Each process remembers roots that it has worked out already."""
import multiprocessing as mp

roots = {}
seen = 0

def root(n):
    global seen
    seen += 1
    if n not in roots:
        roots[n] = n ** 0.5
    return roots[n]

def main():
    with mp.Pool(2) as pool:
        total = sum(pool.map(root, [n % 7 for n in range(50)]))
    print(round(total, 3))

if __name__ == "__main__":
    main()
