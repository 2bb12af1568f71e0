"""asyncio's queues and locks: what is in them, who holds them, where they were made."""
import sys
import weakref

from _simul import asyncio_waits, kinds, lent_items, lock_notes, sites
from _simul.resources import note_made, resource_of
from _simul.state import KINDS, S, emit, fault, guarded

_KINDS = kinds.RESOURCE_KINDS
_PUT, _GET = KINDS["put"], KINDS["get"]
_ACQUIRE, _RELEASE = KINDS["acquire"], KINDS["release"]
_ASYNC_GENERATOR = 0x200
_CAUGHT = (AttributeError, TypeError, ValueError, LookupError, RuntimeError)


def queue_kind(queue):
    for kind in type(queue).__mro__:
        if kind.__name__ in ("PriorityQueue", "LifoQueue"):
            return _KINDS["priority-queue" if kind.__name__ == "PriorityQueue" else "lifo-queue"]
    return _KINDS["queue"]


def capacity_of(queue):
    size = getattr(queue, "_maxsize", 0)
    return size if isinstance(size, int) and size > 0 else None


def queue_made(queue, *_, **__):
    return queue


def queue_made_end(queue):
    if queue is not None and hasattr(queue, "_maxsize"):
        note_made(queue, queue_kind(queue), capacity_of(queue))


def moved(kind, note):
    def after(queue, value):
        try:
            resource = resource_of(queue, queue_kind(queue), capacity_of(queue))
            emit(kind, 0, S.current or S.cause, resource.id, queue.qsize())
            if resource.takers is not None:
                note(resource)
        except _CAUGHT as error:
            fault(error)
        return value

    return after


def itself(thing, *_, **__):
    return thing


def before_put(queue, item):
    """A queue that is full takes nothing from `put_nowait`."""
    try:
        if queue._maxsize > 0 and queue.full():
            resource = resource_of(queue, queue_kind(queue), capacity_of(queue))
            emit(KINDS["use"], kinds.USES["refused"], S.current, resource.id, sites.caller_site())
    except _CAUGHT:
        # A queue of the program's own making says itself what is wrong.
        pass
    return queue


def made(kind, capacity=None):
    def finish(thing):
        if thing is not None:
            note_made(thing, _KINDS[kind], None if capacity is None else capacity(thing))
            if kind in ("lock", "semaphore"):
                lock_notes.note_made(thing, 1 if capacity is None else capacity(thing))
            # A condition and its lock are one thing to wait for.
            if kind == "condition" and hasattr(thing, "_simul") and not hasattr(thing._lock, "_simul"):
                thing._lock._simul = thing._simul

    return guarded(finish)


def acquired(kind):
    def after(lock, value):
        try:
            if value:
                left = getattr(lock, "_value", 0)
                resource = resource_of(lock, _KINDS[kind])
                frame = sites.user_frame(sys._getframe(1))
                site = 0 if frame is None else sites.line_site(frame)
                if frame is not None and frame.f_code.co_flags & _ASYNC_GENERATOR:
                    resource.generator = generator_of(frame)
                emit(_ACQUIRE, 0, S.current, resource.id, left, S.current)
                emit(KINDS["use"], kinds.USES["got"], S.current, resource.id, site)
        except _CAUGHT as error:
            fault(error)
        return value

    return after


def generator_of(frame):
    """A weak reference to the async generator whose frame this is; None: its loop does not know it."""
    loop = asyncio_waits.running_loop()
    for generator in list(getattr(loop, "_asyncgens", ())):
        if generator.ag_frame is frame:
            return weakref.ref(generator)
    return None


def released(kind):
    def after(lock, value):
        try:
            left = getattr(lock, "_value", 1)
            resource = resource_of(lock, _KINDS[kind])
            resource.generator = None
            emit(_RELEASE, 0, S.current or S.cause, resource.id, left, 0)
        except _CAUGHT as error:
            fault(error)
        return value

    return after


def done(queue):
    """An item that the task took is done."""
    resource = resource_of(queue, queue_kind(queue), capacity_of(queue))
    emit(KINDS["use"], kinds.USES["call"], S.current, resource.id, sites.caller_site())


def before_notify(condition, n=1):
    if not condition._waiters:
        asyncio_waits.note_missed(condition)


def permits(semaphore):
    return getattr(semaphore, "_value", 0)


def rows(asyncio):
    """Owner, name, before, after, finish: what is spliced."""
    locks, queue = asyncio.locks, asyncio.queues.Queue
    barrier = getattr(locks, "Barrier", None)
    return [
        (queue, "__init__", queue_made, None, guarded(queue_made_end)),
        (queue, "put_nowait", before_put, moved(_PUT, lent_items.note_put), None),
        (queue, "get_nowait", itself, moved(_GET, lent_items.note_taken), None),
        (queue, "task_done", guarded(done), None, None),
        (locks.Lock, "__init__", itself, None, made("lock")),
        (locks.Lock, "acquire", itself, acquired("lock"), None),
        (locks.Lock, "release", itself, released("lock"), None),
        (locks.Semaphore, "__init__", itself, None, made("semaphore", permits)),
        (locks.Semaphore, "acquire", itself, acquired("semaphore"), None),
        (locks.Semaphore, "release", itself, released("semaphore"), None),
        (locks.Event, "__init__", itself, None, made("event")),
        (locks.Condition, "__init__", itself, None, made("condition")),
        (locks.Condition, "notify", guarded(before_notify), None, None),
        (barrier, "__init__", itself, None, made("barrier")),
    ]
