"""Managers: a list or dict that a proxy gives is a copy. What changes the copy and does not give it
back changes nothing that others see. Each use of a proxy is a message to the manager and one back.
"""
import sys

from _simul import kinds, lifecycle, process_hooks, sites
from _simul.recorder import now
from _simul.state import KINDS, S, agent, emit, guarded, quiet, text
from _simul.threading_hooks import put_in

_LOCKING = ("acquire", "release")
_ITEMS = ("__getitem__", "__setitem__", "__delitem__")
_KEEPS = ("__getitem__", "get", "setdefault")
_COPIES = (list, dict, set)
_MAX_WATCHED = 8
_MAX_ITEMS = 1000

#: The last copies: each with what was in it, and what its fact says.
_watched = []
_counts = {}


def before_call(proxy, methodname, args=(), kwds={}):
    # A copy that is given back is no copy any more.
    for value in args:
        _watched[:] = [entry for entry in _watched if entry[0] is not value]
    return (methodname, proxy, now())


def after_call(state, value):
    methodname, proxy, since = state
    may_block = methodname in _BLOCKING and type(proxy).__name__ != "DictProxy"
    if not may_block and S.current != 0:
        note_trip(proxy, methodname, now() - since)
    if methodname in _KEEPS and type(value) in _COPIES and len(value) <= _MAX_ITEMS:
        frame = sites.user_frame(sys._getframe(1))
        if frame is not None and S.current != 0:
            line = sites.source_line(frame.f_code.co_filename, frame.f_lineno)
            entry = (value, list(value), name_of(line, methodname), sites.line_site(frame), S.current)
            _watched.append(entry)
            if len(_watched) > _MAX_WATCHED:
                check(_watched.pop(0))
    return value


class Trips:
    """The messages to a manager from one line."""

    __slots__ = ("site", "task", "words", "count", "ns", "told")

    def __init__(self, site, task, words):
        self.site, self.task, self.words = site, task, words
        self.count = self.ns = self.told = 0

    def tell(self):
        self.told = self.count
        words = text("%s|%d" % (self.words, self.ns // 1000))
        emit(KINDS["fact"], kinds.FACTS["round-trips"], self.task, self.site, words, 0, self.count)


#: By the line and the program's instruction that asks.
_trips = {}
_MIN_TRIPS = 256
_MAX_TRIPS = 1000
#: What others may make wait for long.
_BLOCKING = ("wait", "wait_for", "join", "get", "put")


def note_trip(proxy, methodname, ns):
    frame = sites.user_frame(sys._getframe(1))
    if frame is None:
        return
    key = (agent.generation, frame.f_code, frame.f_lasti)
    trips = _trips.get(key)
    if trips is None:
        if len(_trips) >= _MAX_TRIPS:
            return
        line = sites.source_line(frame.f_code.co_filename, frame.f_lineno)
        kind = type(proxy).__name__
        words = "%s|%s|%s" % (name_of(line, methodname), kind, sites.function_name(frame.f_code))
        trips = _trips[key] = Trips(sites.line_site(frame), S.current, words)
    trips.count += 1
    trips.ns += ns
    if trips.count >= _MIN_TRIPS and trips.count >= trips.told + trips.told // 8:
        trips.tell()


def tell_trips():
    for (generation, *_), trips in list(_trips.items()):
        if generation == agent.generation and trips.count >= _MIN_TRIPS and trips.count > trips.told:
            trips.tell()


def name_of(line, methodname):
    """What is asked: `groups` of "groups[word].append(x)"."""
    if methodname in _LOCKING and line.lstrip().startswith("with "):
        return line.strip()[len("with ") :].partition(":")[0].strip()
    if methodname == "__contains__" and " in " in line:
        name = line.partition(" in ")[2].split()[0].rstrip(":,)")
        return name if name.replace(".", "").isidentifier() else "the proxy"
    before = line.partition("[" if methodname in _ITEMS else "." + methodname)[0]
    name = ""
    for char in reversed(before):
        if not (char.isalnum() or char in "_."):
            break
        name = char + name
    return name or "the proxy"


def check(entry):
    value, before, name, site, task = entry
    now_in = list(value)
    if len(now_in) == len(before) and all(a is b for a, b in zip(now_in, before)):
        return
    count = _counts[site] = _counts.get(site, 0) + 1
    emit(KINDS["fact"], kinds.FACTS["lost-update"], task, site, text(name), 0, count)


def check_all():
    while _watched:
        check(_watched.pop(0))


def install(managers):
    for function in (guarded(check_all), guarded(tell_trips)):
        lifecycle.at_end(function)
        process_hooks.at_body_end.append(function)
    put_in(
        "multiprocessing.managers",
        [(managers.BaseProxy, "_callmethod", guarded(before_call), quiet(after_call), None)],
    )
