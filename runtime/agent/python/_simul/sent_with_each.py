"""What a map of multiprocessing's Pool sends with each chunk, and a ProcessPoolExecutor with each call: the
function, and all that belongs to it, as the arguments of a partial and the object of a method. It is
pickled anew each time.
"""
import sys
from functools import partial
from time import thread_time_ns
from types import MethodType

from _simul import kinds, sites
from _simul.recorder import now
from _simul.state import KINDS, S, emit, text

#: Of a container alone, without what is in it.
_MIN_BYTES = 32 << 10
_MIN_COUNT = 4
_CONTAINERS = (dict, list, tuple, set, frozenset, str, bytes, bytearray)
_MODULES = ("numpy", "pandas")


def large_argument(func):
    """The variable that holds the largest part of a function, "" if it has none; None: none is large."""
    parts = []
    if type(func) is partial:
        parts = [*func.args, *func.keywords.values()]
        func = func.func
    if type(func) is MethodType:
        parts.append(func.__self__)
    found = max(parts, key=size_of, default=None)
    if found is None or size_of(found) < _MIN_BYTES:
        return None
    frame = sites.user_frame(sys._getframe(1))
    names = {} if frame is None else frame.f_locals
    own = getattr(names.get("self"), "__dict__", None)
    named = list(names.items()) + [
        ("self." + name, value) for name, value in (list(own.items()) if type(own) is dict else [])
    ]
    return next((name for name, value in named if value is found), "")


def size_of(value, depth=1):
    """What is known of it without code of the program's."""
    kind = type(value)
    if kind in _CONTAINERS or kind.__module__.partition(".")[0] in _MODULES:
        return sys.getsizeof(value)
    fields = getattr(value, "__dict__", None) if depth > 0 and kind is not type else None
    return max(map(lambda each: size_of(each, depth - 1), list(fields.values())), default=0) if type(fields) is dict else 0


def watch(pool):
    """The pool's thread for tasks sends by this end."""
    writer = getattr(pool._inqueue, "_writer", None)
    if writer is not None:
        writer._simul_results = pool._cache


def before_send(end, task):
    results = getattr(end, "_simul_results", None)
    if results is None or type(task) is not tuple or len(task) != 5:
        return None
    result = results.get(task[0])
    call = getattr(result, "_simul_call", None)
    if call is None or call[3] is None or not hasattr(result, "_simul_chunks"):
        return None
    S.sent = 0
    return (result, call, now())


def before_bytes(end, buf):
    if hasattr(end, "_simul_results"):
        S.sent = len(buf)
    each = getattr(end, "_simul_each", None)
    if each:
        each.add(len(buf))


class Each:
    """The calls of one line that an executor is given. The thread of its queue does nothing but pickle and
    send them: what it ran for since the last one went into this one."""

    def __init__(self, name, site, argument):
        self.name, self.site, self.argument = name, site, argument
        self.count = self.bytes = self.taken = self.since = 0

    def add(self, size):
        ran, since = thread_time_ns(), self.since
        self.since = ran
        if size < _MIN_BYTES:
            # What ends a worker.
            return
        self.count += 1
        self.bytes += size
        self.taken += ran - since
        if self.count >= _MIN_COUNT:
            words = "%s|%s|%d|%d" % (self.name, self.argument, self.count, self.taken // 1000)
            mean = min(self.bytes // self.count, 0xFFFFFFFF)
            emit(KINDS["fact"], kinds.FACTS["sent-with-each"], 0, self.site, text(words), 0, mean)


def note_given(executor, func, name, site):
    """An executor of processes is given a call."""
    end = getattr(getattr(executor, "_call_queue", None), "_writer", None)
    if end is None:
        return
    each = getattr(end, "_simul_each", None)
    if each is None:
        argument = large_argument(func)
        end._simul_each = False if argument is None else Each(name, site, argument)
    elif each is not False and (each.site, each.name) != (site, name):
        # Calls of different kinds go the same way: whose is whose is not known.
        end._simul_each = False


def finish_send(state):
    if state is None:
        return
    result, (name, site, _, argument), since = state
    count, size, taken = getattr(result, "_simul_sent", (0, 0, 0))
    count, size, taken = result._simul_sent = (count + 1, size + S.sent, taken + now() - since)
    is_told = count >= _MIN_COUNT and (count == result._simul_chunks or count & (count - 1) == 0)
    if is_told:
        words = "%s|%s|%d|%d" % (name, argument, count, taken // 1000)
        emit(KINDS["fact"], kinds.FACTS["sent-with-each"], 0, site, text(words), 0, min(size // count, 0xFFFFFFFF))
