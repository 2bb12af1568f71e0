"""Writes records into the process's part of a recording.

    part file   [ head 4096 ][ record 32 ][ record 32 ] … [ 0 0 0 ]     mapped into memory, shared

A record is written by one call of `mmap.write`, which copies 32 bytes and moves on under the GIL:
no two threads can get one place, and no hole can stand between them. The file *is* the buffer:
what was written is there after SIGKILL, a segmentation fault or `os._exit`. Its blocks are taken
when it is made, so that a full disk is an error there and no SIGBUS later. The zeros behind the
last record were never written, and readers know.

It raises nothing. Where the disk is full, or the recording at its limit, records are counted, and
the head of the part tells how many.
"""
import mmap
import os
import struct
import sys
from _thread import RLock
from itertools import count

from _simul import kinds
from _simul.refuse import HEAD_BYTES, head_bytes, text_records
from _simul.system import perf_counter_ns, system, time_ns

RECORD_BYTES = kinds.RECORD_BYTES
#: The layout of `runtime/trace/format/layout.ts`: t, task, a, b, c, d, lane, flags, kind.
pack = struct.Struct("<QIIIIIHBB").pack
now = perf_counter_ns

_SEGMENT_BYTES = 1 << 20
_MIN_SEGMENT_BYTES = 32 << 10
_DEFAULT_LIMIT_BYTES = 2 << 30
_MIN_LIMIT_BYTES = 64 << 10
_SEGMENTS = 16
#: While there is no room the folder is looked at again after so long.
_RETRY_NS = 100_000_000
#: Descriptors of ours are no smaller, so that the program gets the numbers that it gets untraced.
_FIRST_DESCRIPTOR = 64
#: The process's loss, in the head: why (u8), records (u64), since (u64, monotonic ns).
_WHY_AT, _COUNT_AT, _SINCE_AT = 41, 48, 56
_END_AT = HEAD_BYTES - RECORD_BYTES

_LOST = kinds.KINDS["lost"]
_LOSSES = kinds.LOSSES
_REFUSALS = {1, 13, 30}  # EPERM, EACCES, EROFS
_MAX_TEXTS = 100_000


class Recorder:
    """A part of a recording. `write(bytes)` appends one record; on ValueError `roll(bytes)` does."""

    def __init__(self, folder, limit=None):
        self.folder = folder
        self.limit = limit_bytes(limit)
        self.segment_bytes = max(_MIN_SEGMENT_BYTES, min(_SEGMENT_BYTES, self.limit // _SEGMENTS))
        self._lock = RLock()
        self._reset()

    def _reset(self):
        self.pid = system.getpid()
        self.start_ns = now()
        self.wall_ns = time_ns()
        self._segment = -1
        self._written = 0
        self._lost = self._lost_here = self._why = self._since = 0
        self._retry_at = 0
        self._is_rolling = False
        self._map = None
        self.write = self._refuse
        self.texts = {}
        self.next_text = count(1).__next__
        self.next_site = count(1).__next__

    def open(self):
        """Creates the first segment; False: the folder cannot be written to."""
        return self._open_segment()

    def after_fork(self):
        """In a forked child: a part of its own, before its first record."""
        self._lock = RLock()
        self._reset()
        return self._open_segment()

    def emit(self, record):
        """Appends one record of 32 bytes."""
        try:
            self.write(record)
        except ValueError:
            self.roll(record)

    def roll(self, record):
        """Appends a record that found the segment full, or another thread opening the next."""
        with self._lock:
            try:
                if self._why == 0:
                    self.write(record)
                    return
            except ValueError:
                pass
            # A signal handler may come in here a second time.
            if self._is_rolling:
                self._count_lost()
                return
            self._is_rolling = True
            try:
                has_room = self._open_segment()
            finally:
                self._is_rolling = False
            if has_room:
                self.write(record)
            else:
                self._count_lost()

    def text(self, text):
        """The number of a text, which is written when it is first asked for; '' is 0."""
        number = self.texts.get(text)
        if number is None:
            if text == "":
                return 0
            if len(self.texts) >= _MAX_TEXTS:
                self.texts.clear()
            number = self.next_text()
            records = text_records(number, text)
            for at in range(0, len(records), RECORD_BYTES):
                self.emit(records[at : at + RECORD_BYTES])
            # Afterwards: another thread may name a text only once it stands in the file.
            self.texts[text] = number
        return number

    def site(self, site, column=0, line_hash=0, flags=0):
        """Writes a site (file, line, function, awaited text) and returns its number."""
        file, line, function, text = site
        number = self.next_site()
        file, function, text = self.text(file), self.text(function), self.text(text)
        time = (line_hash << 32) | column
        self.emit(pack(time, number, file, line, function, text, 0, flags, kinds.KINDS["site"]))
        return number

    def clock(self):
        """Writes the wall clock's time, as a record of the process: its lane is 0."""
        before = now()
        wall = time_ns()
        after = now()
        low, high = wall & 0xFFFFFFFF, wall >> 32
        uncertainty = min(after - before, 0xFFFFFFFF)
        self.emit(
            pack((before + after) // 2, 0, low, high, uncertainty, 0, 0, 0, kinds.KINDS["clock"])
        )

    def end(self, record):
        """Writes the process's end into the head, where there is room for it in any case."""
        if self._map is not None:
            self._map[_END_AT:HEAD_BYTES] = record

    def switch_off(self):
        """Nothing more is written, and nothing counts as lost."""
        self._why = 0
        self.write = _forget

    # ── segments ───────────────────────────────────────────────────────────────────────

    def _open_segment(self):
        if self._written + self.segment_bytes > self.limit and not self._has_room():
            self._stop(_LOSSES["limit"])
            return False
        segment = self._segment + 1
        size = HEAD_BYTES + self.segment_bytes
        try:
            mapped = self._map_file(segment, size)
        except (OSError, ValueError) as error:
            is_refused = getattr(error, "errno", 0) in _REFUSALS
            self._stop(_LOSSES["permission" if is_refused else "disk"])
            return False
        mapped.seek(HEAD_BYTES)
        if self._lost_here > 0:
            # What is missing is told where it is missing.
            lost, since = self._lost_here, self._since
            flags = _LOSSES["room"]
            words = (lost & 0xFFFFFFFF, lost >> 32, since & 0xFFFFFFFF, since >> 32)
            mapped.write(pack(now(), 0, *words, 0, flags, _LOST))
        self._segment = segment
        self._written += self.segment_bytes
        self._lost_here = self._why = self._since = 0
        self._map = mapped
        self._note_loss()
        self.write = mapped.write
        return True

    def _map_file(self, segment, size):
        name = "%d-%x.%04d.part" % (self.pid, self.start_ns, segment)
        path = system.join(self.folder, name)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
        fd = system.open(path, flags, 0o600)
        try:
            system.write(fd, head_bytes(self.pid, segment, self.start_ns, self.wall_ns))
            take_room(fd, size)
            return map_out_of_the_way(fd, size)
        except (OSError, ValueError):
            if segment > 0:
                system.unlink(path)
            raise
        finally:
            system.close(fd)

    def _has_room(self):
        """A follower may have let go of the oldest segments: the files are measured."""
        prefix = "%d-%x." % (self.pid, self.start_ns)
        written = 0
        try:
            for name in system.listdir(self.folder):
                if name.startswith(prefix):
                    written += system.stat(system.join(self.folder, name)).st_size
        except OSError:
            return False
        self._written = written
        return written + self.segment_bytes <= self.limit

    def _stop(self, why):
        self._why = why
        self._retry_at = now() + _RETRY_NS
        self.write = self._refuse

    def _refuse(self, record):
        """Stands in for `write` while nothing can be written."""
        if self._why == _LOSSES["limit"] and now() >= self._retry_at:
            self._retry_at = now() + _RETRY_NS
            raise ValueError
        self._count_lost()

    def _count_lost(self):
        if self._lost_here == 0:
            self._since = now()
        self._lost_here += 1
        self._lost += 1
        self._note_loss()

    def _note_loss(self):
        if self._map is not None and self._lost > 0:
            self._map[_WHY_AT] = self._why
            self._map[_COUNT_AT : _COUNT_AT + 8] = struct.pack("<Q", self._lost)
            self._map[_SINCE_AT : _SINCE_AT + 8] = struct.pack("<Q", self._since)


def _forget(record):
    """Stands in for `write` once the agent has switched itself off."""


def limit_bytes(given):
    """The limit of a recording, as `runtime/recorder/size-limit.ts` reads SIMUL_LIMIT."""
    try:
        limit = float(given)
    except (TypeError, ValueError):
        return _DEFAULT_LIMIT_BYTES
    if not 0 < limit < float("inf"):
        return _DEFAULT_LIMIT_BYTES
    return max(_MIN_LIMIT_BYTES, int(limit))


def take_room(fd, size):
    """Gives the file its blocks. @raises OSError: the disk is full, or files may not be so large"""
    if system.posix_fallocate is not None:
        system.posix_fallocate(fd, 0, size)
        return
    zeros = b"\0" * (size - HEAD_BYTES)
    while zeros:
        zeros = zeros[system.write(fd, zeros) :]


def map_out_of_the_way(fd, size):
    """Maps the file; the map holds no descriptor, or else one with a number that nobody looks at."""
    if sys.version_info >= (3, 13):
        return mmap.mmap(fd, size, trackfd=False)
    # The map keeps the lowest free descriptor: the low ones are taken for a moment.
    taken = []
    try:
        while len(taken) < _FIRST_DESCRIPTOR:
            low = system.dup(fd)
            if low >= _FIRST_DESCRIPTOR:
                system.close(low)
                break
            taken.append(low)
    except OSError:
        # There are no more: the map takes what there is.
        for low in taken[-4:]:
            system.close(low)
        del taken[-4:]
    try:
        return mmap.mmap(fd, size)
    finally:
        for low in taken:
            system.close(low)
