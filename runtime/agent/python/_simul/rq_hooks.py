"""RQ: who adds jobs, the attempts at them in the forked work-horse, and who asks for their results.

    Queue._enqueue_job, schedule_job, …       a job was added, or an attempt asks for the next
    Worker.dequeue_job_and_maintain_ttl       the worker waits for a job
    Worker.fork_work_horse, wait_for_horse    it begins a process for it, and waits for that
    Worker.perform_job, Job.perform           the attempt, in the horse
    Job.latest_result, result                 somebody asks for the result

Redis is never asked. Both sides know when the attempt before began (`started_at`), and of the
first one when the job was made: that names an attempt.
"""
import sys
import time

from _simul import kinds, lifecycle, process_hooks, sites
from _simul import job_records as records
from _simul.blocking import begin_block, end_block
from _simul.resources import begin_resource
from _simul.splice import NotSpliced, spliced
from _simul.state import KINDS, S, agent, emit, fault, guarded, notice, text
from _simul.threading_hooks import put_in

_FACTS = kinds.FACTS
_PROCESS = kinds.RESOURCE_KINDS["process"]
_SENT = kinds.LINK_WAYS["send"] | (kinds.LINK_KINDS["spawn"] << 4)
_CAUGHT = (AttributeError, TypeError, ValueError, LookupError, RuntimeError)
_MAX_JOBS = 10_000
#: By a job's id: how often its result was asked for.
_asked = {}
#: The ids of jobs that were made here, with the agent's generation. Others, which waited for
#: their time or for other jobs, were asked for by who made them.
_made = {}


def queue_of(thing, name):
    """@param thing: a queue or job, with its connection"""
    options = thing.connection.connection_pool.connection_kwargs
    return records.queue_of("%s rq:queue:%s" % (records.server_of(options), name), name)


def name_of(job):
    """The function, of the job's description: its data is not read before RQ reads it."""
    words = str(job.description or "job")
    if words.endswith(")"):
        words = words.partition("(")[0].rpartition(".")[2]
    return words[:100]


def attempt_of(job):
    """What names the next attempt at it on both sides."""
    at = getattr(job, "started_at", None) or job.created_at
    return at.strftime("%Y%m%d%H%M%S%f")


def status_of(job):
    status = getattr(job, "_status", None)
    return str(getattr(status, "value", status) or "")


# ── who adds jobs ──────────────────────────────────────────────────────────────────────


def before_add(queue, job, *_, **__):
    attempt = S.attempt
    if attempt is not None and attempt.job_id == job.id:
        records.ask_again(attempt, attempt_of(job))
        return None
    if job.started_at is None and _made.get(job.id) != agent.generation:
        return None
    state = (queue, job, records.Addition(), attempt_of(job))
    if not queue._is_async:
        # It is done before this call returns.
        note_added(*state)
    return state


def before_schedule(queue, job, datetime, *_, **__):
    attempt = S.attempt
    delay_ms = max(0, int(datetime.timestamp() * 1000 - time.time() * 1000))
    if attempt is not None and attempt.job_id == job.id:
        records.ask_again(attempt, attempt_of(job), delay_ms)
        return None
    return (queue, job, records.Addition(), attempt_of(job), delay_ms)


def note_added(queue, job, addition, attempt, delay_ms=None):
    known = queue_of(queue, queue.name)
    if known is not None:
        records.added(known, job.id, name_of(job), attempt, addition, delay_ms)


def after_add(state, value):
    try:
        if state is not None:
            note_added(*state)
    except _CAUGHT as error:
        fault(error)
    return value


def before_enqueue(queue, *_, **__):
    return (queue, records.Addition())


def after_enqueue(state, value):
    """What waits for other jobs is added, and no attempt at it is asked for yet."""
    try:
        for job in value if isinstance(value, list) else [value]:
            if state is not None and status_of(job) == "deferred":
                note_added(state[0], job, state[1], attempt_of(job), 0)
    except _CAUGHT as error:
        fault(error)
    return value


def after_create(state, job):
    try:
        if len(_made) >= _MAX_JOBS:
            del _made[next(iter(_made))]
        _made[job.id] = agent.generation
    except _CAUGHT as error:
        fault(error)
    return job


# ── the worker ─────────────────────────────────────────────────────────────────────────


def before_dequeue(worker, *_, **__):
    first = worker.queues[0]
    queue = queue_of(first, first.name)
    return begin_block("queue-get", 0 if queue is None else queue.resource, "Worker.work")


#: The resource of the process that does a job.
_horses = {}


def before_fork(worker, job, queue):
    return (worker, begin_resource(_PROCESS, "work-horse", sites.caller_site()))


def finish_fork(state):
    """In the parent: the horse never returns."""
    if state is not None and state[0]._horse_pid:
        pid = state[0]._horse_pid
        _horses.clear()
        _horses[pid] = state[1]
        emit(KINDS["link"], _SENT, S.current, pid, 0, state[1], 1)


def before_horse(worker):
    return begin_block("join", _horses.get(worker._horse_pid, 0), "Worker.wait_for_horse")


def before_perform(worker, job, queue, *_, **__):
    known = queue_of(queue, queue.name)
    if known is None:
        return None
    is_first = getattr(job, "started_at", None) is None
    name = name_of(job) if is_first else "%s (again)" % name_of(job)
    S.attempt = records.begin_attempt(known, job.id, name, attempt_of(job), 1 if is_first else 2)
    return S.attempt


def before_sync(queue, job):
    """A queue without workers does its jobs at once."""
    return before_perform(None, job, queue)


def finish_perform(attempt):
    if attempt is not None:
        S.attempt = None
        error = attempt.error
        site = 0
        if error is not None:
            site = lifecycle.failure_site(error.__traceback__)
        records.end_attempt(attempt, site)


def before_function(job):
    return S.attempt


def finish_function(attempt):
    if attempt is not None:
        attempt.error = sys.exc_info()[1]
        records.note_done(attempt)


def before_killed(worker, job, retpid, ret_val, rusage):
    signal = ret_val & 0x7F
    process_hooks.note_child_end(retpid, -signal if signal else ret_val >> 8)
    words = "%s|%s" % (str(job.func_name).rpartition(".")[2], job.id)
    emit(KINDS["fact"], _FACTS["job-killed"], S.current, 0, text(words), 0, signal)


# ── who asks for results ───────────────────────────────────────────────────────────────


def before_result(job):
    if S.current == 0 or len(_asked) >= _MAX_JOBS:
        return
    count = _asked[job.id] = _asked.get(job.id, 0) + 1
    # Told at the first time and at each doubling.
    if count & (count - 1) == 0:
        site = sites.caller_site()
        emit(KINDS["fact"], _FACTS["job-asked"], S.current, site, text(str(job.id)), 0, count)


def before_latest(job, timeout=0):
    if S.current == 0:
        return None
    known = queue_of(job, job.origin)
    if known is None:
        return None
    number = records.job_of(known, job.id, name_of(job)).resource
    block = begin_block("job", number, "Job.latest_result") if timeout else None
    return (block, known, job)


def after_latest(state, result):
    try:
        if state is not None:
            block, known, job = state
            end_block(block)
            if result is not None and result.type.name != "RETRIED":
                records.heard_result(known, job.id, name_of(job))
    except _CAUGHT as error:
        fault(error)
    return result


def install(module):
    put_in("rq", _ROWS[module.__name__](module))
    if module.__name__ == "rq.job":
        getter = module.Job.__dict__["result"].fget
        try:
            getter.__code__ = spliced(getter.__code__, guarded(before_result), None, None, "Job")
        except (NotSpliced, SyntaxError, TypeError, ValueError, AttributeError) as error:
            notice("rq's Job.result is not seen into: %s" % error)


def rows_of_queue(module):
    owner = module.Queue
    add = (guarded(before_add), after_add, None)
    later = (guarded(before_schedule), after_add, None)
    call = (guarded(before_enqueue), after_enqueue, None)
    return [
        (owner, "_enqueue_job", *add),
        (owner, "_enqueue_rate_limited_job", *add),
        (owner, "schedule_job", *later),
        (owner, "enqueue_job", *call),
        (owner, "enqueue_many", *call),
        (owner, "run_sync", guarded(before_sync), None, guarded(finish_perform)),
    ]


def rows_of_worker(module):
    rows = {
        "dequeue_job_and_maintain_ttl": (guarded(before_dequeue), None, guarded(end_block)),
        "fork_work_horse": (guarded(before_fork), None, guarded(finish_fork)),
        "wait_for_horse": (guarded(before_horse), None, guarded(end_block)),
        "perform_job": (guarded(before_perform), None, guarded(finish_perform)),
        "handle_work_horse_killed": (guarded(before_killed), None, None),
    }
    classes = [value for value in vars(module).values() if isinstance(value, type)]
    bases = {base for value in classes for base in value.__mro__ if base.__module__.startswith("rq.worker")}
    return [(owner, name, *hooks) for owner in bases for name, hooks in rows.items() if name in vars(owner)]


def rows_of_job(module):
    return [
        (module.Job, "create", None, after_create, None),
        (module.Job, "perform", guarded(before_function), None, guarded(finish_function)),
        (module.Job, "latest_result", guarded(before_latest), after_latest, None),
    ]


_ROWS = {"rq.job": rows_of_job, "rq.queue": rows_of_queue, "rq.worker": rows_of_worker}
