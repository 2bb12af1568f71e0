from multiprocessing import Pool


def shrink(name):
    if name == "b.png":
        raise OSError(f"cannot read {name}")
    return len(name)


if __name__ == "__main__":
    with Pool(2) as pool:
        for name in ["a.png", "b.png", "c.png"]:
            pool.apply_async(shrink, (name,))
        pool.close()
        pool.join()
    print("shrunk")
