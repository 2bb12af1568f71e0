"""RQ: jobs, from the line that enqueues one to the work-horse that performs it; jobs whose process was
killed, and who asks for their result all the same.

Nothing is written into Redis: both sides know the job's id, and make the same link of it.
"""
import sys

from _simul import kinds, lifecycle, process_hooks, sites
from _simul.asyncio_waits import begin_resource, quiet
from _simul.splice import NotSpliced, spliced
from _simul.state import KINDS, S, agent, emit, error_words, guarded, notice, text
from _simul.threading_hooks import itself, put_in

_FACTS = kinds.FACTS
_MAX_JOBS = 10_000
#: By a job's id: how often its result was asked for.
_asked = {}


def before_killed(worker, job, retpid, ret_val, rusage):
    signal = ret_val & 0x7F
    process_hooks.note_child_end(retpid, -signal if signal else ret_val >> 8)
    words = "%s|%s" % (str(job.func_name).rpartition(".")[2], job.id)
    emit(KINDS["fact"], _FACTS["job-killed"], S.current, 0, text(words), 0, signal)


def before_result(job):
    if S.current == 0 or len(_asked) >= _MAX_JOBS:
        return
    count = _asked[job.id] = _asked.get(job.id, 0) + 1
    # Told at the first time and at each doubling.
    if count & (count - 1) == 0:
        site = sites.caller_site()
        emit(KINDS["fact"], _FACTS["job-asked"], S.current, site, text(str(job.id)), 0, count)


# ── the way of a job ───────────────────────────────────────────────────────────────────

_JOB, _RESULT = kinds.LINK_KINDS["job"] << 4, kinds.LINK_KINDS["result"] << 4
_SEND, _RECEIVE = kinds.LINK_WAYS["send"], kinds.LINK_WAYS["receive"]
_EXTERNAL = kinds.WAKERS["external"]
_READY = 1 << kinds.FLAGS["activationBegin"]["ready"][0]
_MAX_QUEUES = 1000
#: By a queue's name: its resource, and the generation that began it.
_queues = {}


def hash_of(words, seed):
    """FNV-1a; two of them with different beginnings name a link."""
    value = seed
    for byte in words.encode("utf-8", "replace"):
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def link(flags, task, job, resource=0):
    key = "rq:%s" % job.id
    emit(KINDS["link"], flags, task, hash_of(key, 0x811C9DC5), hash_of(key, 0x9747B28C), resource, 1)


def queue_of(name):
    known = _queues.get(name)
    if known is None or known[1] != agent.generation:
        if len(_queues) >= _MAX_QUEUES:
            return 0
        known = _queues[name] = (begin_resource(_JOB_QUEUE, str(name)[:200], 0), agent.generation)
    return known[0]


_JOB_QUEUE = kinds.RESOURCE_KINDS["job-queue"]


def after_enqueue(queue, job):
    if job is None or not agent.is_on:
        return job
    site = sites.caller_site()
    number = queue_of(queue.name)
    begin_resource(kinds.RESOURCE_KINDS["job"], name_of(job), site)
    link(_SEND | _JOB, S.current, job, number)
    emit(KINDS["put"], 0, S.current, number, 0)
    return job


def name_of(job):
    return str(job.func_name).rpartition(".")[2][:200]


class _Performing:
    """The job that this process performs, its activation, and the thread's state below it."""

    job = None
    number = 0
    previous = None


def before_execute(job, *_):
    _Performing.job, _Performing.number = job, 0
    return job


def after_func(job, function):
    """The job's function is loaded: it is called next."""
    if _Performing.job is job and not _Performing.number and agent.is_on:
        code = getattr(getattr(function, "__func__", function), "__code__", None)
        site = sites.function_site(code) if code is not None and sites.info_of(code).is_user else 0
        number = _Performing.number = agent.next_id()
        flags = kinds.ACTIVATION_KINDS["job"] | _READY
        emit(KINDS["activationBegin"], flags, number, S.current, site, text(name_of(job)), 0)
        link(_RECEIVE | _JOB, number, job, queue_of(job.origin))
        emit(KINDS["run"], _EXTERNAL, number)
        _Performing.previous = (S.current, S.body)
        S.current = S.body = number
    return function


def finish_execute(job):
    number, _Performing.job = _Performing.number, None
    if not number:
        return
    S.current, S.body = _Performing.previous
    error = sys.exc_info()[1]
    words = site = 0
    if error is not None:
        words, site = text(error_words(error)), lifecycle.failure_site(error.__traceback__)
    link(_SEND | _RESULT, number, job)
    outcome = kinds.OUTCOMES["ok" if error is None else "error"]
    emit(KINDS["activationEnd"], outcome, number, words, site)


def splice_getter(owner, name, before, after):
    getter = owner.__dict__[name].fget
    try:
        getter.__code__ = spliced(getter.__code__, before, after, None, owner.__name__)
    except (NotSpliced, SyntaxError, TypeError, ValueError, AttributeError) as error:
        notice("rq's %s.%s is not seen into: %s" % (owner.__name__, name, error))


def install(module):
    if module.__name__ == "rq.job":
        splice_getter(module.Job, "result", guarded(before_result), None)
        splice_getter(module.Job, "func", itself, quiet(after_func))
        put_in("rq", [(module.Job, "_execute", guarded(before_execute), None, guarded(finish_execute))])
        return
    if module.__name__ == "rq.queue":
        put_in("rq", [(module.Queue, "enqueue_job", itself, quiet(after_enqueue), None)])
        return
    name = "handle_work_horse_killed"
    owners = [value for value in vars(module).values() if isinstance(value, type) and name in vars(value)]
    put_in("rq", [(owner, name, guarded(before_killed), None, None) for owner in owners])
