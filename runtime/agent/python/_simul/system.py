"""What the agent calls of Python's own, as it was when the agent came.

A program may put something else in the place of such a function for a while: a mock, a frozen clock,
a guard that raises where a task blocks the loop. The agent's own calls are none of its business, and
what it puts there is none of the agent's. Files are read without `open`: the methods of what that
gives are replaced, too.
"""
import os
import sys

_MAX_READ = 1 << 20
_S_IFMT, _S_IFREG = 0o170000, 0o100000


class system:
    """The names of a class: who replaces functions in all modules looks at the names of modules."""

    abspath, basename, dirname = os.path.abspath, os.path.basename, os.path.dirname
    join, normpath = os.path.join, os.path.normpath
    close, dup, listdir, mkdir, open = os.close, os.dup, os.listdir, os.mkdir, os.open
    getpid, getppid, read, stat = os.getpid, os.getppid, os.read, os.stat
    pread, pwrite = os.pread, os.pwrite
    replace, unlink, write = os.replace, os.unlink, os.write
    posix_fallocate = getattr(os, "posix_fallocate", None)


def _clock_module():
    """A second `time`, whose functions are other objects than the program's: a frozen clock is put in
    the place of each name that stands for one of those. Python 3.8 has but one."""
    import time

    if sys.version_info < (3, 9):
        return time
    import _imp
    from importlib.machinery import BuiltinImporter

    second = _imp.create_builtin(BuiltinImporter.find_spec("time"))
    _imp.exec_builtin(second)
    return second


_time = _clock_module()
perf_counter_ns, time_ns, thread_time_ns = _time.perf_counter_ns, _time.time_ns, _time.thread_time_ns
start_folder = os.getcwd()


def full_path(path):
    """Of a file by its path from where the program was started."""
    return system.normpath(system.join(start_folder, path))


def is_file(path):
    try:
        return system.stat(path).st_mode & _S_IFMT == _S_IFREG
    except (OSError, ValueError):
        return False


def read_file(path):
    """The bytes of a file. @raises OSError, ValueError"""
    fd = system.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        parts = []
        while True:
            part = system.read(fd, _MAX_READ)
            if not part:
                return b"".join(parts)
            parts.append(part)
    finally:
        system.close(fd)


def write_file(path, data):
    """Makes the file anew. @raises OSError"""
    fd = system.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0), 0o666)
    try:
        while data:
            data = data[system.write(fd, data) :]
    finally:
        system.close(fd)
