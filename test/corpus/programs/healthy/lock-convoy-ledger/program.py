"""Four clerks share a ledger; each looks up its entry with the ledger in hand."""
import threading
import time

ledger = threading.Lock()
entries = []


def enter(name):
    time.sleep(0.08)  # looks the number up
    with ledger:
        entries.append(name)


clerks = [threading.Thread(target=enter, args=(name,)) for name in ("ann", "bob", "cleo", "dora")]
for clerk in clerks:
    clerk.start()
for clerk in clerks:
    clerk.join()
print(len(entries))
