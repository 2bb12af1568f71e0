"""Locks of multiprocessing that the program makes: who has one, in which process, and who waits.

Such a lock knows no owner: of a process that was killed nobody gives it back. Each process tells of
the lock as a resource of its own, and of its token, which is the same in all of them.
"""
import sys

from _simul import kinds, sites
from _simul.blocking import begin_block, end_block
from _simul.resources import begin_resource
from _simul.state import KINDS, S, agent, emit, guarded, text
from _simul.threading_hooks import itself, put_in

_LOCK, _RLOCK = kinds.RESOURCE_KINDS["lock"], kinds.RESOURCE_KINDS["rlock"]
_GOT = kinds.USES["got"]
_RECURSIVE = 0
_OWN_FILES = ("synchronize.py", "context.py", "sharedctypes.py", "_simul/state.py")


class SharedLock:
    """Of a lock: the line that made it, and its resource in this process."""

    __slots__ = ("place", "name", "id", "generation")

    def __init__(self, place, name):
        self.place, self.name = place, name
        self.id, self.generation = 0, -1


def resource(lock):
    """Its number in this process."""
    known = lock.__dict__["_simul"]
    if known.generation != agent.generation:
        inner = lock._semlock
        kind = _RLOCK if inner.kind == _RECURSIVE else _LOCK
        site = sites.write_line_site(*known.place) if known.place else 0
        known.generation = agent.generation
        known.id = begin_resource(kind, known.name, site)
        token = inner.name or "%x" % inner.handle
        emit(KINDS["fact"], kinds.FACTS["shared-lock"], S.current, site, text(token), 0, known.id)
    return known.id


def finish_made(lock):
    """A lock that a queue or an event makes for itself is none of the program's."""
    if lock is None or getattr(getattr(lock, "_semlock", None), "maxvalue", 0) != 1:
        return
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.replace("\\", "/").endswith(_OWN_FILES):
        frame = frame.f_back
    if frame is not None and sites.info_of(frame.f_code).is_user:
        name = sites.assigned_name(frame) or type(lock).__name__
        watch(lock, SharedLock((frame.f_code, frame.f_lineno), name))


def finish_rebuilt(lock):
    """In a process that was spawned: who made it is not known there."""
    if lock is not None and getattr(getattr(lock, "_semlock", None), "maxvalue", 0) == 1:
        watch(lock, SharedLock(None, type(lock).__name__))


def watch(lock, known):
    lock.__dict__["_simul"] = known
    take, give = lock._semlock.acquire, lock._semlock.release

    def acquire(*args, **options):
        block = asked(lock)
        try:
            has_it = take(*args, **options)
        finally:
            done(block)
        if has_it:
            took(lock)
        return has_it

    def release():
        gave(lock)
        give()

    lock.acquire, lock.release = acquire, release


# The guard has a frame as well: the third is that of whoever calls `acquire`.


@guarded
def asked(lock, depth=3):
    if S.current == 0 or not sites.info_of(sys._getframe(depth).f_code).is_user:
        return None
    inner = lock._semlock
    if not inner._is_zero() or (inner.kind == _RECURSIVE and inner._is_mine()):
        return None
    return begin_block("lock", resource(lock), "lock.acquire", True)


done = guarded(end_block)


@guarded
def took(lock, depth=3):
    frame = sys._getframe(depth)
    if S.current == 0 or not sites.info_of(frame.f_code).is_user or lock._semlock._count() != 1:
        return
    number = resource(lock)
    emit(KINDS["acquire"], 0, S.current, number, 0, S.current)
    emit(KINDS["use"], _GOT, S.current, number, sites.line_site(frame))


@guarded
def gave(lock, depth=3):
    if S.current == 0 or not sites.info_of(sys._getframe(depth).f_code).is_user:
        return
    if lock._semlock.kind != _RECURSIVE or lock._semlock._count() == 1:
        emit(KINDS["release"], 0, S.current, resource(lock), 1, 0)


def before_enter(lock):
    return [lock, asked(lock, 4)] if "_simul" in lock.__dict__ else None


def after_enter(state, value):
    if state is not None:
        block, state[1] = state[1], None
        done(block)
        took(state[0], 4)
    return value


def finish_enter(state):
    """An interrupt: it did not come to `after`."""
    if state is not None and state[1] is not None:
        done(state[1])


def before_exit(lock, *_):
    if "_simul" in lock.__dict__:
        gave(lock, 4)


def install(synchronize):
    rows = [
        (synchronize.SemLock, "__init__", itself, None, guarded(finish_made)),
        (synchronize.SemLock, "__setstate__", itself_rebuilt, None, guarded(finish_rebuilt)),
        (synchronize.SemLock, "__enter__", before_enter, after_enter, finish_enter),
        (synchronize.SemLock, "__exit__", before_exit, None, None),
    ]
    put_in("multiprocessing.synchronize", rows)


def itself_rebuilt(lock, state):
    return lock
