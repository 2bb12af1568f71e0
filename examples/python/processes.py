"""Three processes, each with its own number, one that fails and one that is stopped; a manager's
list that they share; and a program of its own, started by its command.

What to look for: a lane for each process under the one that started it, its exit code, and how long
`join` waited for it. The manager is a process, too.
"""
import multiprocessing
import subprocess
import sys
import time


def square(number, results, pause=0.02):
    time.sleep(pause)
    results.append(number * number)


def fail():
    sys.exit(3)


def idle(begun):
    begun.set()
    time.sleep(60)


def main():
    with multiprocessing.Manager() as manager:
        results = manager.list()
        workers = [
            multiprocessing.Process(target=square, name=f"square {number}", args=(number, results))
            for number in (1, 2, 3)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        print("squares", sorted(results))

    failing = multiprocessing.Process(target=fail, name="failing")
    failing.start()
    failing.join()
    print("failing ended with", failing.exitcode)

    begun = multiprocessing.Event()
    idling = multiprocessing.Process(target=idle, name="idling", args=(begun,))
    idling.start()
    begun.wait()
    idling.terminate()
    idling.join()
    print("idling was ended by signal", -idling.exitcode)

    done = subprocess.run([sys.executable, "-c", "print(6 * 7)"], stdout=subprocess.PIPE, check=True)
    print("the other program printed", int(done.stdout))


if __name__ == "__main__":
    main()
