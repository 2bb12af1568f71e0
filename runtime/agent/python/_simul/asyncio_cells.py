"""Shared values that a task reads or sets before an await and uses after it (cell_notes.py): whether
they are what they were when it goes on. It is told when they are not, and the task goes on all the same.
"""
from _simul import cell_notes, kinds, sites
from _simul.state import KINDS, emit, text

_MAX_SETTERS = 1000
_PLAIN = (str, int, float, bool, bytes, type(None))
_MISSING = ("missing",)
#: By value: the task that set it last, in a place that reads it later.
_setters = {}
#: By place: how often.
_counts = {}


class Use:
    """A value that a task has read or set, and goes on with."""

    __slots__ = ("note", "info", "place", "value", "is_changed", "is_certain", "resumed")

    def __init__(self, note, info, place, is_certain):
        self.note, self.info, self.place, self.is_certain = note, info, place, is_certain
        self.value = self.resumed = read(place)
        self.is_changed = False


def uses_of(info, frame, found):
    """@param found: those of the outer frames; None: none. @returns the same with this frame's"""
    if info.cells is None:
        info.cells = cell_notes.cell_notes(info.code, frame.f_globals) or False
        if info.cells is False:
            return found
    for note in info.cells.get(frame.f_lineno, ()):
        place = place_of(note, frame)
        if place is not None:
            found = {} if found is None else found
            found.setdefault((id(place[0]), place[2], note.is_update), (note, info, place))
    return found


def place_of(note, frame):
    """The thing that holds the value, whether as an item, and by which name; None: it is not known."""
    path, key = note.path, note.key
    names = frame.f_locals
    root = path[0]
    if len(path) == 1 and key is None:
        return None if root in names else (frame.f_globals, True, root)
    thing = names[root] if root in names else frame.f_globals.get(root)
    for name in path[1:] if key is not None else path[1:-1]:
        thing = getattr(thing, "__dict__", {}).get(name)
    if thing is None:
        return None
    if key is None:
        return (thing, False, path[-1]) if hasattr(thing, "__dict__") else None
    value = names.get(key.text, frame.f_globals.get(key.text)) if key.is_name else key.text
    if type(thing) is not dict or type(value) not in _PLAIN:
        return None
    return (thing, True, value if key.is_name else plain_key(thing, value))


def plain_key(thing, words):
    """A literal's text stands for it."""
    return next((key for key in list(thing) if repr(key) == words), words)


def read(place):
    thing, is_item, name = place
    return thing.get(name, _MISSING) if is_item else getattr(thing, "__dict__", {}).get(name, _MISSING)


def is_other(a, b):
    return a is not b and not (type(a) in _PLAIN and type(b) in _PLAIN and a == b)


def resume(state):
    """The task goes on."""
    for key, use in state.cells.items():
        use.resumed = read(use.place)
        if is_other(use.resumed, use.value):
            # What one run sets, and another resets, is meant to be seen.
            use.is_changed = use.note.is_update or _setters.get(key, state.id) != state.id
        elif not use.note.is_update:
            use.is_changed = False


def follow(state, found):
    """After a step: what it waits with now."""
    before = state.cells or {}
    now = {}
    for key, fields in (found or {}).items():
        known = before.get(key)
        if known is not None and known.note is fields[0]:
            now[key] = known
            continue
        use = now[key] = Use(*fields, ends_on_error(state.coro))
        if not use.note.is_update:
            if len(_setters) >= _MAX_SETTERS:
                _setters.clear()
            _setters[key] = state.id
    for key, use in before.items():
        if now.get(key) is not use:
            leave(state, use)
    state.cells = now or None


def end(state, is_ok):
    uses, state.cells = state.cells, None
    for use in uses.values() if is_ok else ():
        leave(state, use)


#: By code: whether it catches errors.
_catches = {}


def ends_on_error(coro):
    """No function of the program's, from a coroutine inwards, catches what an await raises."""
    while coro is not None:
        code = getattr(coro, "cr_code", None)
        if code is not None and sites.info_of(code).is_user:
            if code not in _catches:
                if len(_catches) >= _MAX_SETTERS:
                    _catches.clear()
                _catches[code] = cell_notes.catches_errors(code)
            if _catches[code]:
                return False
        coro = getattr(coro, "cr_await", None)
    return True


def leave(state, use):
    if not use.is_changed:
        return
    note = use.note
    # Where it wrote the very same, it came so far if an error would have ended it.
    if note.is_update and not is_other(read(use.place), use.resumed) and not use.is_certain:
        return
    first, last = (site_at(use.info, line) for line in (note.first, note.last))
    if note.is_update:
        count = _counts[last] = _counts.get(last, 0) + 1
        emit(KINDS["fact"], kinds.FACTS["lost-update"], state.id, last, text(note.text), first, count)
        return
    count = _counts[first] = _counts.get(first, 0) + 1
    is_local = any(kind.__module__ == "_thread" and kind.__name__ == "_local" for kind in type(use.place[0]).__mro__)
    words = "%s|%s|%s" % (note.text, "threading.local" if is_local else "", sites.function_name(use.info.code))
    emit(KINDS["fact"], kinds.FACTS["overwritten"], state.id, first, text(words), last, count)


def site_at(info, line):
    at = ("cell", line)
    if at not in info.sites:
        info.sites[at] = sites.write_line_site(info.code, line)
    return info.sites[at]
