"""Gives names to a helper that writes each of them back in capitals."""
import subprocess
import sys
import threading

HELPER = "import sys\nfor line in sys.stdin: print(line.strip().upper(), flush=True)"


def capitals(names):
    helper = subprocess.Popen(
        [sys.executable, "-c", HELPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )

    def write():
        with helper.stdin as source:
            source.write("\n".join(names).encode())

    writer = threading.Thread(target=write)
    writer.start()
    found = helper.stdout.read().decode().split()
    writer.join()
    return found


print(capitals(["ada", "ben"]))
print(len(capitals(f"guest{number:08}" for number in range(30000))))
