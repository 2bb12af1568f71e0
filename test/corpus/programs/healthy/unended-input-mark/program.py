"""The parent keeps the other end open: a mark says that all has come."""
import multiprocessing as mp, time
def produce(sender):
    for n in range(5):
        time.sleep(0.3)
        sender.send(n)
    time.sleep(1.5)
    sender.send(None)
def main():
    ctx = mp.get_context("fork")
    receiver, sender = ctx.Pipe(duplex=False)
    child = ctx.Process(target=produce, args=(sender,))
    child.start()
    print(list(iter(receiver.recv, None)))
    child.join()
main()
