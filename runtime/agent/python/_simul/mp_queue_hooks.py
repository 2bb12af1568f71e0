"""multiprocessing.Queue: who puts and who takes, and a process that cannot end before what it put
has been read: its pipe takes no more.
"""
from _simul import kinds, process_executor, process_hooks, sites
from _simul.blocking import begin_block, end_block
from _simul.resources import Resource, note_made, resource_of
from _simul.state import KINDS, S, emit, guarded, quiet
from _simul.threading_hooks import itself, put_in

_QUEUE = kinds.RESOURCE_KINDS["queue"]


def finish_made(queue):
    if queue is not None and hasattr(queue, "_maxsize") and not is_of_executor(queue):
        note_made(queue, _QUEUE)


def is_of_executor(queue):
    """A `ProcessPoolExecutor` gives its workers their calls through it."""
    return type(queue).__name__ == "_SafeQueue"


def resource(queue):
    """Of a queue that the program made, or that came to this process; None: a library's."""
    if is_of_executor(queue):
        return None
    known = getattr(queue, "_simul", None)
    if type(known) is Resource or sites.caller_site() != 0:
        return resource_of(queue, _QUEUE)
    return None


def after_put(queue, value):
    known = resource(queue)
    if known is not None:
        emit(KINDS["put"], 0, S.current, known.id, 0)
        # What it puts goes out by a thread of its own.
        if queue._thread is not None:
            queue._thread._simul_put = (known.id, sites.caller_site())
    return value


def before_get(queue, block=True, timeout=None):
    if process_hooks.is_worker() and is_of_executor(queue):
        return [queue, None, begin_block("pool", 0, "Queue.get"), False]
    known = resource(queue) if block else None
    return None if known is None else (queue, known, begin_block("queue-get", known.id, "Queue.get"))


def after_get(state, value):
    if state is None:
        return value
    if state[1] is not None:
        emit(KINDS["get"], 0, S.current, state[1].id, 0)
    else:
        # The wait of the worker is over before its call begins.
        end_block(state[2])
        state[3] = True
        process_executor.take(value)
    return value


def finish_get(state):
    if state is None:
        return
    if state[1] is not None:
        end_block(state[2], 0, state[1].id)
    elif not state[3]:
        end_block(state[2])


def before_join(twr):
    thread = twr()
    put = getattr(thread, "_simul_put", None)
    if put is None or not thread.is_alive():
        return None
    return begin_block("queue-put", put[0], "Queue.join_thread", False, put[1])


def install(queues):
    rows = [
        (queues.Queue, "__init__", itself, None, guarded(finish_made)),
        (queues.Queue, "put", itself, quiet(after_put), None),
        (queues.Queue, "get", guarded(before_get), quiet(after_get), guarded(finish_get)),
        (queues.Queue, "_finalize_join", guarded(before_join), None, guarded(end_block)),
    ]
    put_in("multiprocessing.queues", rows)
