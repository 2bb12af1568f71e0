"""Writes down who asked for a report. The work is done in threads."""
import contextvars
from concurrent.futures import ThreadPoolExecutor

tenant = contextvars.ContextVar("tenant")

class Reports:
    def __init__(self):
        self.made = []

    def label(self):
        try:
            return tenant.get()
        except LookupError:
            return "nobody"

    def make(self, title):
        self.made.append(f"{title} for {self.label()}")

def handle(name, pool, reports):
    tenant.set(name)
    return pool.submit(contextvars.copy_context().run, reports.make, "sales")

def main():
    reports = Reports()
    with ThreadPoolExecutor(2) as pool:
        for name in ("north", "south"):
            contextvars.copy_context().run(handle, name, pool, reports).result()
    print(sorted(reports.made))

main()
