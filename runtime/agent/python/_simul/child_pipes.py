"""Pipes to children of `subprocess`: who stands in a read or a write of one, and which pipe of the
same child is full meanwhile, so that the child stands still as well.
"""
import io
import os
import sys
import weakref
from types import ModuleType

from _simul import kinds, sites, socket_hooks
from _simul.blocking import begin_block, end_block
from _simul.resources import begin_resource
from _simul.state import KINDS, S, agent, emit, guarded, text
from _simul.threading_hooks import put_in

try:
    from fcntl import ioctl
    from termios import FIONREAD
except ImportError:
    # Of Unix alone.
    ioctl = None

_IO = kinds.RESOURCE_KINDS["io"]
_NAMES = ("stdin", "stdout", "stderr")
#: What Linux gives a pipe, but the page that may not be full.
_FULL_BYTES = 61440
_MAX_CHILDREN = 1000
_MAX_TOLD = 200
_SIGINT = 2


class Pipes:
    """The pipes of a child."""

    __slots__ = ("child", "code", "line", "name", "resources", "told", "generation")

    def __init__(self, child, frame):
        self.child = weakref.ref(child)
        self.code, self.line = frame.f_code, frame.f_lineno
        self.name = sites.assigned_name(frame)
        self.resources = {}
        #: How often it was told that one is full.
        self.told = 0
        self.generation = agent.generation


#: Children whose pipes the program has, by their pid.
children = {}


class FileIO(io.FileIO):
    """Reads and writes as `io.FileIO` does, and says who stands in it."""

    #: The pipes of its child, and which one it is.
    _simul = None


def watched(plain, call):
    def method(self, *args):
        block = begin(self, call, args)
        try:
            return plain(self, *args)
        except OSError as error:
            # Ours is no entry of the program's traceback.
            error.__traceback__ = None
            raise
        finally:
            end(block)

    method.__name__, method.__qualname__, method.__doc__ = plain.__name__, plain.__qualname__, plain.__doc__
    return method


for _name, _call in (("readinto", "read"), ("readall", "read"), ("read", "read"), ("write", "write")):
    setattr(FileIO, _name, watched(getattr(io.FileIO, _name), _call))
FileIO.__module__, FileIO.__doc__ = io.FileIO.__module__, io.FileIO.__doc__


@guarded
def begin(file, call, args):
    if S.current == 0 or S.is_waiting or not agent.is_on:
        return None
    known = file._simul
    frame = sites.user_frame(sys._getframe(2))
    if known is None or frame is None:
        return None
    pipes, name = known
    key = (name, agent.generation)
    number = pipes.resources.get(key)
    if number is None:
        label = "%s of a child process" % name
        number = pipes.resources[key] = begin_resource(_IO, label, sites.write_line_site(pipes.code, pipes.line))
    site = sites.line_site(frame)
    if call == "write" and pipes.told < _MAX_TOLD and args and waiting_bytes(file) + len(args[0]) >= _FULL_BYTES:
        # It may not come back from this one.
        note_full(pipes, site)
    return begin_block("io", number, "%s of %s" % (call, name), False, site)


end = guarded(end_block)


def note_full(pipes, site):
    """A pipe of the child's output is full, and who would read it does something else."""
    child = pipes.child()
    if ioctl is None or child is None or pipes.generation != agent.generation:
        return
    for name in _NAMES[1:]:
        size = waiting_bytes(getattr(child, name))
        if size >= _FULL_BYTES:
            pipes.told += 1
            made = sites.write_line_site(pipes.code, pipes.line)
            words = text("%s|%s|%d" % (name, pipes.name, child.pid))
            emit(KINDS["fact"], kinds.FACTS["pipe-full"], S.current, site, words, made, size)
            return


def waiting_bytes(file):
    """How many bytes lie in a pipe; 0: it is none, or is closed."""
    try:
        return int.from_bytes(ioctl(file.fileno(), FIONREAD, b"\0\0\0\0"), sys.byteorder)
    except (AttributeError, OSError, ValueError):
        return 0


def note_all_full():
    """At an interrupt, which may have ended children as well."""
    for pipes in list(children.values()):
        child = pipes.child()
        if child is not None and child.returncode in (None, -_SIGINT):
            note_full(pipes, 0)


class Files(ModuleType):
    """Stands for `io` in `subprocess`, which opens its pipes by it."""

    def __getattr__(self, name):
        return getattr(io, name)

    def open(self, file, mode="r", buffering=-1, *args, **options):
        is_pipe = mode in ("rb", "wb") and type(file) is int and buffering != 1
        if not is_pipe or args or options or S.current == 0:
            return io.open(file, mode, buffering, *args, **options)
        raw = FileIO(file, mode)
        try:
            if buffering == 0:
                return raw
            size = buffering if buffering > 1 else default_size(raw)
            return io.BufferedWriter(raw, size) if mode == "wb" else io.BufferedReader(raw, size)
        except BaseException:
            raw.close()
            raise


def default_size(raw):
    """That of the buffer that `io.open` gives a file."""
    size = raw._blksize
    if sys.version_info >= (3, 14):
        return max(min(size, 8 << 20), io.DEFAULT_BUFFER_SIZE)
    return size if size > 1 else io.DEFAULT_BUFFER_SIZE


def finish_made(child):
    if S.current == 0 or getattr(child, "pid", None) is None:
        return
    frame = sites.user_frame(sys._getframe(1))
    files = {name: getattr(child, name, None) for name in _NAMES}
    files = {name: file for name, file in files.items() if file is not None}
    if not files or frame is None:
        return
    if len(children) >= _MAX_CHILDREN:
        children.clear()
    pipes = children[child.pid] = Pipes(child, frame)
    for name, file in files.items():
        raw = raw_of(file)
        if raw is not None:
            raw._simul = (pipes, name)


def raw_of(file):
    """The file of ours below the layers of `io`; None: there is none."""
    for _ in range(3):
        if type(file) is FileIO:
            return file
        file = getattr(file, "buffer", None) or getattr(file, "raw", None)
    return None


def install(subprocess):
    if os.name != "posix" or getattr(subprocess, "io", None) is not io:
        return
    if socket_hooks.CAN_HIDE:
        subprocess.io = Files("io", io.__doc__)
    put_in("subprocess", [(subprocess.Popen, "__init__", made, None, guarded(finish_made))])


def made(child, *_, **__):
    return child
