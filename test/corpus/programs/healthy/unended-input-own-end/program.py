"""A child measures and reports until it is done."""
import multiprocessing as mp, time

def measure(link):
    for n in range(5):
        time.sleep(0.02)
        link.send_bytes(b"%d" % n)
    link.close()

def main():
    ctx = mp.get_context("fork")
    here, there = ctx.Pipe()
    sensor = ctx.Process(target=measure, args=(there,), name="sensor")
    sensor.start()
    there.close()
    values = []
    try:
        while True:
            values.append(int(here.recv_bytes()))
    except EOFError:
        pass
    sensor.join()
    print(values)

if __name__ == "__main__":
    main()
