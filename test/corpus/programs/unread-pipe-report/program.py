"""Reads the report of a tool line by line; what it complains about is asked for afterwards."""
import subprocess
import sys

TOOL = """
import sys
for page in range(2000):
    print("page", page)
    sys.stderr.write(f"page {page}: the picture has no text beside it, and none was given\\n")
"""


class Tool:
    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", TOOL],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def report(self):
        pages = [line for line in self.process.stdout]
        return pages, self.process.stderr.read()


if __name__ == "__main__":
    pages, complaints = Tool().report()
    print(len(pages), "pages,", complaints.count("\n"), "complaints")
