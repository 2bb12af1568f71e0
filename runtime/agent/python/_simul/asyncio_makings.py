"""Runs of coroutines that look for something, find none, and await what makes it, each for itself:

    if key not in cache:                    if self.client is None:
        cache[key] = await load(key)            self.client = await connect()

Or what they find is too old. Where one looks is read from the source (making_notes.py), of which thing from the frame: what holds
it, and the key. It is told when a run has made one that another was making when it began.
"""
from _simul import kinds, making_notes, sites
from _simul.state import KINDS, emit, text

#: The last run that began to make a thing.
_makers = {}
#: By thing: the number of the run that kept one last.
_kept = {}
_MAX_MAKERS = 1000
#: Values that are the same key to a dict, and are compared without code of the program's.
_PLAIN = (str, int, bytes, type(None))


class Making:
    """A run's time between its look and what it keeps."""

    __slots__ = ("thing", "info", "note", "count", "is_again", "is_locked", "seen")

    def __init__(self, thing, info, note):
        self.thing, self.info, self.note = thing, info, note
        self.count = 0
        self.is_again = False
        #: It waited for a lock on its way: others wait for their turn.
        self.is_locked = False
        #: What had been kept last when it began.
        self.seen = None


def making_of(info, frame):
    """What a frame that waits is making; None: nothing."""
    if info.makings is None:
        info.makings = making_notes.makings(info.code) or False
        if info.makings is False:
            return None
    note = info.makings.get(frame.f_lineno)
    if note is None:
        return None
    thing = thing_of(note, frame)
    return None if thing is None else Making(thing, info, note)


def thing_of(note, frame):
    """What is looked for, whoever looks; None: it cannot be told."""
    path, key = note.path, note.key
    root, rest = path[0], path[1:]
    names = frame.f_locals
    code = frame.f_code
    is_shared = root not in code.co_varnames or root in code.co_freevars
    if not rest and key is None:
        return (id(frame.f_globals), root) if root not in names else None
    if root in names:
        value = names[root]
    elif root in frame.f_globals:
        value = frame.f_globals[root]
    else:
        return None
    # A container that the run made itself is its own; what it was given may be anybody's.
    if not is_shared and root not in code.co_varnames[: code.co_argcount]:
        return None
    for name in rest if key is not None else rest[:-1]:
        value = getattr(value, "__dict__", {}).get(name)
        if value is None:
            return None
    if key is None:
        return (id(value), rest[-1])
    if key.is_name:
        found = names.get(key.text, frame.f_globals.get(key.text, ()))
        return (id(value), found) if type(found) in _PLAIN else None
    return (id(value), key.text)


def follow(state, making):
    """After a step of a task: what it is making now."""
    before = state.making
    if before is not None:
        if making is not None and making.thing == before.thing:
            return
        leave(state, before)
    state.making = making
    if making is None:
        return
    other = _makers.get(making.thing)
    known = None if other is None or other is state else other.making
    if known is not None and known.thing == making.thing:
        making.count = known.count + 1
        making.is_again = True
    making.seen = _kept.get(making.thing)
    if len(_makers) >= _MAX_MAKERS:
        _makers.clear()
        _kept.clear()
    _makers[making.thing] = state


def leave(state, making, has_failed=False):
    if not has_failed:
        _kept[making.thing] = state.id
    if making.is_again and not making.is_locked:
        code, note = making.info.code, making.note
        site, called = site_at(making.info, code, note.kept), site_at(making.info, code, note.looked)
        words = note.text
        if has_failed:
            words += "|failed" if "|" in words else "||failed"
        emit(KINDS["fact"], kinds.FACTS["made-twice"], state.id, site, text(words), called, making.count)


def site_at(info, code, line):
    at = ("making", line)
    if at not in info.sites:
        info.sites[at] = sites.write_line_site(code, line)
    return info.sites[at]


def end(state, has_failed):
    """The task has ended: without what it was making, if it failed. That is told where another run
    has kept one meanwhile."""
    making, state.making = state.making, None
    if making is None:
        return
    if not has_failed or _kept.get(making.thing) != making.seen:
        leave(state, making, has_failed)
