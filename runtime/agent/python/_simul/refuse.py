# -*- coding: utf-8 -*-
"""The part of a process that is not traced: what it was, and one sentence that says why.

Readable by Python 2.7, as sitecustomize.py is.
"""
import os
import struct
import sys
import time

from _simul import kinds

HEAD_BYTES = 4096
LAST = 1 << kinds.FLAGS["text"]["last"][0]


def head_bytes(pid, segment, start_ns, wall_ns):
    """The head of a part file: 4096 bytes."""
    head = b"SIMULREC" + struct.pack(
        "<HHIIIQQB",
        kinds.FORMAT,
        kinds.RECORD_BYTES,
        HEAD_BYTES,
        pid,
        segment,
        start_ns,
        wall_ns,
        kinds.LANGUAGES["python"],
    )
    return head + b"\0" * (HEAD_BYTES - len(head))


def text_records(number, text):
    """A text as records: bytes, a multiple of 32. Cut at 4096 bytes of UTF-8."""
    if not isinstance(text, bytes):
        # A lone surrogate is no text: a name of a file that is no UTF-8.
        text = text.encode("utf-8", "replace")
    if len(text) > kinds.TEXT_MAX_BYTES:
        end = kinds.TEXT_MAX_BYTES - 3
        while end > 0 and (ord(text[end : end + 1]) & 0xC0) == 0x80:
            end -= 1
        text = text[:end] + b"\xe2\x80\xa6"
    size = kinds.TEXT_PIECE_BYTES
    records = b""
    pieces = max(1, (len(text) + size - 1) // size)
    for piece in range(pieces):
        part = text[piece * size : (piece + 1) * size]
        part += b"\0" * (size - len(part))
        flags = LAST if piece == pieces - 1 else 0
        end = struct.pack("<HBB", piece, flags, kinds.KINDS["text"])
        records += part[:8] + struct.pack("<I", number) + part[8:] + end
    return records


def refuse(recording, why):
    """Writes the whole part into the folder `recording`; `why` ends "was not traced: …"."""
    # Older than perf_counter_ns; the clock of the agents all the same.
    clock = getattr(time, "monotonic", None)
    start = int(clock() * 1e9) if clock is not None else _uptime_ns()
    pid = os.getpid()
    # Before the program's arguments are known to Python, the interpreter alone is.
    argv = os.path.basename(sys.executable or "python")
    version = "%d.%d.%d" % sys.version_info[:3]
    records = text_records(1, argv) + text_records(2, version) + text_records(3, why)

    def record(kind, flags, a, b, c, d):
        return struct.pack("<QIIIIIHBB", start, 0, a, b, c, d, 0, flags, kind)

    begin = kinds.LANGUAGES["python"] | (kinds.START_METHODS["program"] << 4)
    records += record(kinds.KINDS["processBegin"], begin, pid, os.getppid(), 1, 2)
    records += record(kinds.KINDS["agent"], kinds.AGENT_NOTICES["off"], 3, 0, 1, 0)
    name = "%d-%x.0000.part" % (pid, start)
    fd = os.open(os.path.join(recording, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(fd, head_bytes(pid, 0, start, int(time.time() * 1e9)) + records)
    finally:
        os.close(fd)


def _uptime_ns():
    with open("/proc/uptime") as uptime:
        return int(float(uptime.read().split()[0]) * 1e9)
