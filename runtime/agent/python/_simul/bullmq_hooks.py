"""BullMQ's port to Python: who adds jobs, and the attempts at them.

    Queue.add, addBulk, FlowProducer.add, addBulk       jobs were added
    Worker.processJob                                   an attempt, made by an asyncio task
    Job.moveToFailed, moveToDelayed, …                  how it ended, and whether it asks for another

A job is known by the same names as in BullMQ for Node, so that both are one chain.
"""
from _simul import job_records as records
from _simul.state import S, fault, guarded
from _simul.threading_hooks import put_in

_CAUGHT = (AttributeError, TypeError, ValueError, LookupError, RuntimeError)
_MAX_FLOW_JOBS = 10_000


def queue_of(queue):
    """@param queue: a queue or worker, or what a job has for one"""
    backend = getattr(queue, "backend", queue)
    client = getattr(backend, "conn", None) or queue.client
    options = client.connection_pool.connection_kwargs
    name = getattr(queue, "qualifiedName", None) or "%s:%s" % (queue.prefix, queue.name)
    return records.queue_of("%s %s" % (records.server_of(options), name), queue.name)


# ── who adds jobs ──────────────────────────────────────────────────────────────────────


def before_add(*_, **__):
    return records.Addition()


def note_added(job, addition):
    queue = queue_of(job.queue)
    if queue is not None and job.id is not None:
        delay = job.opts.get("delay") or None
        records.added(queue, str(job.id), str(job.name), "1", addition, delay and int(delay))


def after_add(addition, value):
    """Of a job, several, or trees of them."""
    try:
        if addition is not None and value is not None:
            found = list(value) if isinstance(value, list) else [value]
            for thing in found:
                if len(found) > _MAX_FLOW_JOBS:
                    break
                if isinstance(thing, dict):
                    note_added(thing["job"], addition)
                    found += thing.get("children") or []
                else:
                    note_added(thing, addition)
    except _CAUGHT as error:
        fault(error)
    return value


# ── attempts ───────────────────────────────────────────────────────────────────────────

#: By the job's object: an attempt that goes on. BullMQ keeps the object meanwhile.
_going_on = {}


def before_process(worker, job, token):
    queue = queue_of(worker)
    if queue is None or S.current == 0:
        return None
    number = job.attemptsMade + 1
    name = str(job.name) if number == 1 else "%s (attempt %d)" % (job.name, number)
    begun = records.begin_attempt(queue, str(job.id), name, str(number), number, True)
    _going_on[id(job)] = begun
    return (job, begun)


def finish_process(state):
    if state is not None:
        job, begun = state
        _going_on.pop(id(job), None)
        records.end_attempt(begun)


def before_failed(job, err, *_, **__):
    begun = _going_on.get(id(job))
    if begun is None:
        return
    begun.error = err
    records.note_done(begun)
    number = job.attemptsMade + 1
    is_final = job.discarded or type(err).__name__ == "UnrecoverableError"
    if number < job.opts.get("attempts", 0) and not is_final:
        records.ask_again(begun, str(number + 1), backoff_ms(job, number))


def backoff_ms(job, number):
    """How long a retry is held back, where the options alone tell; 0: they do not, or it is not."""
    backoff = job.opts.get("backoff")
    if not isinstance(backoff, dict) or backoff.get("jitter") or type(backoff.get("delay")) is not int:
        return 0
    kind = backoff.get("type")
    if kind == "fixed":
        return backoff["delay"]
    return backoff["delay"] * 2 ** min(number - 1, 30) if kind == "exponential" else 0


def before_completed(owner, job=None, *_, **__):
    """Of a job, or of the backend, which is given the job."""
    begun = _going_on.get(id(owner)) or _going_on.get(id(job))
    if begun is not None:
        records.note_done(begun)


def before_later(job, *_, **__):
    """The handler says that its job goes on later: that is no failure."""
    begun = _going_on.get(id(job))
    if begun is not None and begun.next is None:
        records.ask_again(begun, str(job.attemptsMade + 1))


_ADD = (guarded(before_add), after_add, None)
_LATER = (guarded(before_later), None, None)
_COMPLETED = (guarded(before_completed), None, None)
_ROWS = {
    "bullmq.queue": [("Queue", "add", *_ADD), ("Queue", "addBulk", *_ADD)],
    "bullmq.flow_producer": [("FlowProducer", "add", *_ADD), ("FlowProducer", "addBulk", *_ADD)],
    "bullmq.worker": [("Worker", "processJob", guarded(before_process), None, guarded(finish_process))],
    "bullmq.backends.redis_backend": [("RedisBackend", "moveToCompleted", *_COMPLETED)],
    "bullmq.job": [
        ("Job", "moveToCompleted", *_COMPLETED),
        ("Job", "moveToFailed", guarded(before_failed), None, None),
        ("Job", "moveToDelayed", *_LATER),
        ("Job", "moveToWaitingChildren", *_LATER),
    ],
}


def install(module):
    rows = _ROWS[module.__name__]
    put_in("bullmq", [(getattr(module, owner, None), *row) for owner, *row in rows])
