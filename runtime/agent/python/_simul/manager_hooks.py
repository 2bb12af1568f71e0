"""Managers: a list or dict that a proxy gives is a copy. What changes the copy and does not give it
back changes nothing that others see.
"""
import sys

from _simul import kinds, lifecycle, process_hooks, sites
from _simul.state import KINDS, S, emit, guarded, quiet, text
from _simul.threading_hooks import put_in

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
    return methodname


def after_call(methodname, value):
    if methodname in _KEEPS and type(value) in _COPIES and len(value) <= _MAX_ITEMS:
        frame = sites.user_frame(sys._getframe(1))
        if frame is not None and S.current != 0:
            line = sites.source_line(frame.f_code.co_filename, frame.f_lineno)
            entry = (value, list(value), name_of(line, methodname), sites.line_site(frame), S.current)
            _watched.append(entry)
            if len(_watched) > _MAX_WATCHED:
                check(_watched.pop(0))
    return value


def name_of(line, methodname):
    """What is asked: `groups` of "groups[word].append(x)"."""
    before = line.partition("[" if methodname == "__getitem__" else "." + methodname)[0]
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
    lifecycle.at_end(guarded(check_all))
    process_hooks.at_body_end.append(guarded(check_all))
    put_in(
        "multiprocessing.managers",
        [(managers.BaseProxy, "_callmethod", guarded(before_call), quiet(after_call), None)],
    )
