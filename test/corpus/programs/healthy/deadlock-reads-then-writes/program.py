"""Names that many threads look up, and few add."""
import threading


class Gate:
    """Many may be inside together, or one alone."""

    def __init__(self):
        self._changed = threading.Condition()
        self._inside = 0

    def acquire_shared(self):
        with self._changed:
            self._inside += 1

    def release_shared(self):
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()

    def acquire_exclusive(self):
        with self._changed:
            while self._inside > 0:
                self._changed.wait()
            self._inside = -1

    def release_exclusive(self):
        with self._changed:
            self._inside = 0
            self._changed.notify_all()


class Registry:
    def __init__(self):
        self.gate = Gate()
        self.names = {}

    def number_of(self, name):
        self.gate.acquire_shared()
        try:
            found = self.names.get(name)
        finally:
            self.gate.release_shared()
        return found or self.add(name)

    def add(self, name):
        self.gate.acquire_exclusive()
        try:
            self.names[name] = len(self.names) + 1
            return self.names[name]
        finally:
            self.gate.release_exclusive()


registry = Registry()
registry.add("ada")
print(registry.number_of("ada"), registry.number_of("ben"))
