"""queue: queues that the program makes: how much is in them, who waits for room or an item."""
from _simul import kinds, lent_items, sites
from _simul.resources import Resource, note_made
from _simul.state import KINDS, S, emit, fault, guarded
from _simul.threading_hooks import itself, mean, put_in

_KINDS = kinds.RESOURCE_KINDS
_PUT, _GET = KINDS["put"], KINDS["get"]
_CAUGHT = (AttributeError, TypeError, ValueError, LookupError, RuntimeError)


def kind_of(queue):
    for kind in type(queue).__mro__:
        if kind.__name__ == "PriorityQueue":
            return _KINDS["priority-queue"]
        if kind.__name__ == "LifoQueue":
            return _KINDS["lifo-queue"]
    return _KINDS["queue"]


def finish_made(queue):
    if not hasattr(queue, "all_tasks_done"):
        return
    capacity = queue.maxsize if isinstance(queue.maxsize, int) and queue.maxsize > 0 else None
    note_made(queue, kind_of(queue), capacity)
    resource = getattr(queue, "_simul", None)
    if type(resource) is Resource:
        for condition, reason, name in (
            (queue.not_empty, "queue-get", "Queue.get"),
            (queue.not_full, "queue-put", "Queue.put"),
            (queue.all_tasks_done, "join", "Queue.join"),
        ):
            # Who put is another than who got: each side has its own last one.
            side = Resource(resource.id)
            mean(condition, reason, side, name)


def moved(kind, note):
    def after(queue, value):
        try:
            resource = getattr(queue, "_simul", None)
            if type(resource) is Resource:
                emit(kind, 0, S.current, resource.id, queue._qsize())
                if resource.takers is not None:
                    note(resource)
        except _CAUGHT as error:
            fault(error)
        return value

    return after


def before_put(queue, item, block=True, timeout=None):
    try:
        resource = getattr(queue, "_simul", None)
        if not block and type(resource) is Resource and 0 < queue.maxsize <= queue._qsize():
            emit(KINDS["use"], kinds.USES["refused"], S.current, resource.id, sites.caller_site())
    except _CAUGHT:
        # A queue of the program's own making says itself what is wrong.
        pass
    return queue


def note_done(queue):
    """An item that the thread took is done."""
    resource = getattr(queue, "_simul", None)
    if type(resource) is Resource:
        emit(KINDS["use"], kinds.USES["call"], S.current, resource.id, sites.caller_site())


def install(queue):
    rows = [
        (queue.Queue, "__init__", itself, None, guarded(finish_made)),
        (queue.Queue, "put", before_put, moved(_PUT, lent_items.note_put), None),
        (queue.Queue, "get", itself, moved(_GET, lent_items.note_taken), None),
        (queue.Queue, "task_done", guarded(note_done), None, None),
    ]
    put_in("queue", rows)
