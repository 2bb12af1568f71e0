"""A parent sends jobs to a child, and closes its end when all are sent."""
import multiprocessing as mp

def consume(inbox, outbox):
    outbox.close()
    total = 0
    while True:
        try:
            job = inbox.recv()
        except EOFError:
            break
        total += job
    print("total", total, flush=True)

def main():
    ctx = mp.get_context("fork")
    inbox, outbox = ctx.Pipe(duplex=False)
    child = ctx.Process(target=consume, args=(inbox, outbox), name="consumer")
    child.start()
    inbox.close()
    for n in range(10):
        outbox.send(n)
    outbox.close()
    child.join()

main()
