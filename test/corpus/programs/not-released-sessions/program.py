"""Exports rows with a few sessions, from threads."""
import queue, threading, time

class Session:
    def rows(self, day):
        time.sleep(0.02)
        return [] if day % 3 == 0 else [day] * 3

sessions = queue.Queue()
for _ in range(2):
    sessions.put(Session())

def export(day):
    session = sessions.get()
    rows = session.rows(day)
    if not rows:
        return
    print(day, len(rows), flush=True)
    sessions.put(session)

threads = [threading.Thread(target=export, args=(day,), name=f"day{day}") for day in range(1, 9)]
for t in threads: t.start()
for t in threads: t.join()
