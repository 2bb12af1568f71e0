from multiprocessing import Process, Queue


def press(dough, loaves):
    while (weight := dough.get()) is not None:
        loaves.put(weight * 2)


if __name__ == "__main__":
    dough, loaves = Queue(), Queue()
    baker = Process(target=press, args=(dough, loaves))
    baker.start()
    for weight in range(3):
        dough.put(weight)
    print([loaves.get() for _ in range(3)])
    dough.put(None)
    baker.join()
