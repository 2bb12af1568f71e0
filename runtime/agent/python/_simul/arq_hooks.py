"""arq: who adds jobs, the attempts at them in the worker's tasks, and who reads their results.

    ArqRedis.enqueue_job, serialize_job       a job was added, and when, as arq writes it down
    Worker.run_job, deserialize_job_raw       an attempt, made by an asyncio task of its own
    timestamp_ms, serialize_result            what it failed with: both are called where it is known
    Worker.finish_job                         it has ended, or is to be made again
    deserialize_result                        somebody has read the result

Redis is never asked. A job's id may come again; the time that arq writes down when a job is added
and the number of the try name an attempt on both sides.
"""
import sys
import time

from _simul import job_records as records
from _simul import lifecycle
from _simul.splice import STATE
from _simul.state import S, fault, guarded
from _simul.threading_hooks import put_in

_CAUGHT = (AttributeError, TypeError, ValueError, LookupError, RuntimeError)
#: By the asyncio task of `run_job`: the attempt that it makes.
_going_on = {}
#: The same by queue and job.
_by_job = {}


def queue_of(redis, name):
    options = redis.connection_pool.connection_kwargs
    return records.queue_of("%s arq:%s" % (records.server_of(options), name), name)


# ── who adds jobs ──────────────────────────────────────────────────────────────────────


class _Adding:
    __slots__ = ("redis", "function", "addition", "delay_ms", "attempt")

    def __init__(self, redis, function, delay_ms):
        self.redis = redis
        self.function = function
        self.delay_ms = delay_ms
        self.addition = records.Addition()
        #: Known when arq has written the job down.
        self.attempt = None


def before_enqueue(*given, _defer_until=None, _defer_by=None, **_):
    # The program's own arguments may have any name.
    return _Adding(given[0], given[1], delay_of(_defer_until, _defer_by))


def delay_of(until, by):
    """How long a job is held back, ms; None: it is not."""
    if until is not None:
        return max(0, int((until.timestamp() - time.time()) * 1000))
    if not by:
        return None
    return int(getattr(by, "total_seconds", lambda: by)() * 1000)


def before_serialize(function, args, kwargs, job_try, made_ms, **_):
    # This, the guard, arq's function, and who calls that.
    adding = sys._getframe(3).f_locals.get(STATE)
    if type(adding) is _Adding:
        adding.attempt = attempt_of(made_ms, job_try or 1)


def after_enqueue(adding, job):
    """None: there is such a job already."""
    try:
        if job is not None and adding is not None and adding.attempt is not None:
            queue = queue_of(adding.redis, job._queue_name)
            if queue is not None:
                name = str(adding.function)
                records.added(queue, job.job_id, name, adding.attempt, adding.addition, adding.delay_ms)
    except _CAUGHT as error:
        fault(error)
    return job


def attempt_of(made_ms, number):
    return "%s.%s" % (made_ms, number)


# ── the worker ─────────────────────────────────────────────────────────────────────────


class _Run:
    """A call of `run_job`. It makes an attempt as soon as it knows which."""

    __slots__ = ("worker", "job_id", "begun", "task", "made_ms", "number")

    def __init__(self, worker, job_id):
        self.worker = worker
        self.job_id = job_id
        self.begun = None
        self.task = S.current


def before_run(worker, job_id, *_):
    return None if S.current == 0 else _Run(worker, job_id)


def after_deserialize(_, value):
    try:
        # This, arq's function, and who calls that.
        names = sys._getframe(2).f_locals
        run = names.get(STATE)
        if type(run) is _Run and run.begun is None:
            begin(run, value, names["job_try"])
    except _CAUGHT as error:
        fault(error)
    return value


def begin(run, job, count):
    function, _, _, job_try, run.made_ms = job
    run.number = max(count, job_try or 1)
    queue = queue_of(run.worker.pool, run.worker.queue_name)
    if queue is None:
        return
    name = str(function) if count == 1 else "%s (attempt %d)" % (function, run.number)
    attempt = attempt_of(run.made_ms, run.number)
    number = 1 if count == 1 else max(2, run.number)
    run.begun = records.begin_attempt(queue, run.job_id, name, attempt, number, True)
    _going_on[run.task] = run
    _by_job[run.worker.queue_name, run.job_id] = run


def before_time():
    run = _going_on.get(S.current)
    if run is None:
        return
    error = sys.exc_info()[1]
    # Not where a hook of the program's asks within another `except`.
    if error is not None and sys._getframe(3).f_code.co_name == "run_job":
        run.begun.error = error


def before_result(function, args, kwargs, job_try, made_ms, success, result, *_, **__):
    """Of jobs that arq refuses to begin this alone is told."""
    run = _going_on.get(S.current)
    if run is not None and success is False and isinstance(result, BaseException):
        run.begun.error = result


def before_finish(worker, job_id, finish, *_):
    run = _by_job.get((worker.queue_name, job_id))
    if run is None:
        return
    records.note_done(run.begun)
    if not finish:
        # Of a `Retry`; what arq adds to the score counts from when the job was due before.
        delay_ms = getattr(run.begun.error, "defer_score", None) or 0
        records.ask_again(run.begun, attempt_of(run.made_ms, run.number + 1), delay_ms)


def finish_run(run):
    if run is None or run.begun is None:
        return
    _going_on.pop(run.task, None)
    _by_job.pop((run.worker.queue_name, run.job_id), None)
    error = run.begun.error
    site = 0 if error is None else lifecycle.failure_site(error.__traceback__)
    records.end_attempt(run.begun, site)


# ── who reads results ──────────────────────────────────────────────────────────────────


def after_result(_, result):
    try:
        # The job that reads it stands in the frame of its method.
        job = sys._getframe(2).f_locals.get("self")
        if S.current != 0 and hasattr(job, "_redis"):
            queue = queue_of(job._redis, result.queue_name)
            if queue is not None:
                records.heard_result(queue, job.job_id, str(result.function))
    except _CAUGHT as error:
        fault(error)
    return result


_ROWS = {
    "arq.utils": [(None, "timestamp_ms", guarded(before_time), None, None)],
    "arq.connections": [("ArqRedis", "enqueue_job", guarded(before_enqueue), after_enqueue, None)],
    "arq.jobs": [
        (None, "serialize_job", guarded(before_serialize), None, None),
        (None, "serialize_result", guarded(before_result), None, None),
        (None, "deserialize_job_raw", None, after_deserialize, None),
        (None, "deserialize_result", None, after_result, None),
    ],
    "arq.worker": [
        ("Worker", "run_job", guarded(before_run), None, guarded(finish_run)),
        ("Worker", "finish_job", guarded(before_finish), None, None),
    ],
}


def install(module):
    rows = _ROWS[module.__name__]
    put_in("arq", [(getattr(module, owner) if owner else module, *row) for owner, *row in rows])
