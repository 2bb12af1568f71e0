"""Four clerks share a ledger; each looks up its entry with the ledger in hand."""
import threading
import time

ledger = threading.Lock()
entries = []


def enter(name):
    with ledger:
        time.sleep(0.08)  # looks the number up
        entries.append(name)


clerks = [threading.Thread(target=enter, args=(name,)) for name in ("ann", "bob", "cleo", "dora")]
for clerk in clerks:
    clerk.start()
for clerk in clerks:
    clerk.join()
print(len(entries))
