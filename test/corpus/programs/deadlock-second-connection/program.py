"""Bookings are written by a few connections, which are lent one at a time."""
import threading
import time
from contextlib import contextmanager


class Desk:
    def __init__(self, size):
        self.free = [f"connection {number}" for number in range(size)]
        self.given = threading.Condition()

    @contextmanager
    def borrow(self):
        with self.given:
            while not self.free:
                self.given.wait()
            connection = self.free.pop()
        try:
            yield connection
        finally:
            with self.given:
                self.free.append(connection)
                self.given.notify()


class Bookings:
    def __init__(self, desk):
        self.desk = desk
        self.rows = []

    def price_of(self, room):
        with self.desk.borrow():
            return len(room) * 10

    def book(self, room):
        with self.desk.borrow():
            time.sleep(0.05)
            self.rows.append((room, self.price_of(room)))


bookings = Bookings(Desk(2))
bookings.book("attic")
threads = [threading.Thread(target=bookings.book, args=(room,), name=room) for room in ("garden", "tower")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(bookings.rows)
