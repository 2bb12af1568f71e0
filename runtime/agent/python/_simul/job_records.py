"""Jobs of queues outside the process, as records; see `runtime/agent/node/queues/job-records.ts`.

A job is a resource, each attempt at it a task. Nothing is written into the queue: both sides know
the server, the queue, the job's id and which attempt it is, and make the same link of that.
"""
from _simul import kinds, sites
from _simul.recorder import now
from _simul.resources import begin_resource
from _simul.state import KINDS, S, agent, emit, error_words, text

_JOB, _QUEUE = kinds.RESOURCE_KINDS["job"], kinds.RESOURCE_KINDS["job-queue"]
_ATTEMPT = kinds.ACTIVATION_KINDS["job"] | (1 << kinds.FLAGS["activationBegin"]["ready"][0])
_SEND, _RECEIVE = kinds.LINK_WAYS["send"], kinds.LINK_WAYS["receive"]
_SEND_JOB, _RECEIVE_JOB = (way | (kinds.LINK_KINDS["queued-job"] << 4) for way in (_SEND, _RECEIVE))
_SEND_RESULT, _RECEIVE_RESULT = (way | (kinds.LINK_KINDS["queued-result"] << 4) for way in (_SEND, _RECEIVE))
_OK, _ERROR = kinds.OUTCOMES["ok"], kinds.OUTCOMES["error"]
_KNOWN, _EXTERNAL = kinds.WAKERS["known"], kinds.WAKERS["external"]
_DELAYS = kinds.USES["delays"]
_TASK = kinds.REASONS["task"]
#: Jobs that are known by their keys. The oldest is forgotten first.
_MAX_JOBS = 10_000
_MAX_QUEUES = 1000
#: What a job's result is asked for by, in the place of an attempt.
_RESULT = "0"


class _Known:
    """What this process knows of queues and jobs; what an earlier one noted is another's."""

    generation = 0
    queues = {}
    jobs = {}
    serial = 0

    @classmethod
    def fresh(cls):
        if cls.generation != agent.generation:
            cls.generation = agent.generation
            cls.queues, cls.jobs, cls.serial = {}, {}, 0
        return cls


class Queue:
    """A queue by server and name, with what every link of its jobs begins with."""

    __slots__ = ("key", "name", "resource", "low", "high")

    def __init__(self, key, name):
        self.key = key
        self.name = name
        self.resource = begin_resource(_QUEUE, "%s|%s" % (name, key))
        self.low = _hashed(key + ":", 0x811C9DC5)
        self.high = _hashed(key + ":", 0x9747B28C)

    def link(self, flags, task, job, attempt, number=0, t=None, resource=0):
        words = "%s:%s" % (job, attempt)
        emit(
            KINDS["link"], flags, task, _hashed(words, self.low), _hashed(words, self.high), resource, number, t
        )


class Job:
    """A job that this process has added, or worked at."""

    __slots__ = ("resource", "by", "serial", "sent", "is_heard")

    def __init__(self, resource, by=0, serial=0):
        self.resource = resource
        #: Who added it here; 0: another process, or not known.
        self.by = by
        self.serial = serial
        #: The attempts that were asked for here.
        self.sent = set()
        self.is_heard = False


class Attempt:
    """An attempt that goes on. `worker`: the asyncio task that does it; 0: the thread does."""

    __slots__ = ("id", "queue", "job_id", "job", "previous", "worker", "error", "next", "delay_ms", "done")

    def __init__(self, number, queue, job_id, job):
        self.id = number
        self.queue = queue
        self.job_id = job_id
        self.job = job
        self.previous = None
        self.worker = 0
        #: What it failed with.
        self.error = None
        #: The attempt that it has asked for, and which one that is.
        self.next = None
        #: How long that is held back.
        self.delay_ms = 0
        #: When its function had ended, ns: its result is known to others from then on at the earliest.
        self.done = None


def _hashed(words, value):
    """FNV-1a over UTF-16 units, gone on with from a hash before."""
    units = words.encode("utf-16-le", "surrogatepass")
    for low, high in zip(units[::2], units[1::2]):
        value = ((value ^ (low | high << 8)) * 0x01000193) & 0xFFFFFFFF
    return value


def server_of(options):
    """`127.0.0.1:6379/0`, as the agent for Node names it; of options as redis-py has them."""
    path = options.get("path") or options.get("unix_socket_path")
    if path:
        return "%s/%s" % (path, options.get("db") or 0)
    host = options.get("host") or "localhost"
    return "%s:%s/%s" % (
        "127.0.0.1" if host == "localhost" else host,
        options.get("port") or 6379,
        options.get("db") or 0,
    )


def queue_of(key, name):
    """None: there are too many."""
    queues = _Known.fresh().queues
    queue = queues.get(key)
    if queue is None and len(queues) < _MAX_QUEUES:
        queue = queues[key] = Queue(key, name)
    return queue


def job_of(queue, job_id, name):
    """A job that another process may have added."""
    jobs = _Known.fresh().jobs
    key = (queue.key, job_id)
    job = jobs.get(key)
    if job is None:
        job = _keep(key, Job(begin_resource(_JOB, name)))
    return job


def _keep(key, job):
    jobs = _Known.jobs
    if len(jobs) >= _MAX_JOBS:
        del jobs[next(iter(jobs))]
    jobs[key] = job
    return job


class Addition:
    """Who adds a job: the time and the line are those of the call."""

    __slots__ = ("t", "by", "site")

    def __init__(self):
        self.t = now()
        self.by = S.current
        self.site = sites.caller_site()


def added(queue, job_id, name, attempt, addition, delay_ms=None):
    """The queue has taken a job, or takes it again. Told once.

    @param delay_ms: it may not begin before; 0: it is not known for how long; None: it is not held
    """
    t, by, site = addition.t, addition.by, addition.site
    key = (queue.key, job_id)
    job = _Known.fresh().jobs.get(key)
    is_new = job is None
    if is_new:
        number = agent.next_id()
        emit(KINDS["resourceBegin"], _JOB, by, number, site, text(name[:200]))
        _Known.serial += 1
        job = _keep(key, Job(number, by, _Known.serial))
    if attempt in job.sent:
        return
    job.sent.add(attempt)
    queue.link(_SEND_JOB, by, job_id, attempt, 1 if is_new else 2, t, queue.resource)
    if is_new:
        # How many wait is not known: other processes add and take jobs, too.
        emit(KINDS["put"], 0, by, queue.resource, 0, job.serial)
    if delay_ms is not None:
        emit(KINDS["use"], _DELAYS, by, job.resource, site, min(delay_ms, 0xFFFFFFFF))


def begin_attempt(queue, job_id, name, attempt, number, is_async=False):
    """@param attempt: what the other side knows it by. @param number: from 1"""
    known = _Known.fresh().jobs.get((queue.key, job_id))
    job = job_of(queue, job_id, name)
    task = agent.next_id()
    parent = S.current if is_async else S.body
    emit(KINDS["activationBegin"], _ATTEMPT, task, parent, 0, text(name[:200]), job.resource)
    queue.link(_RECEIVE_JOB, task, job_id, attempt, number, None, queue.resource)
    if number == 1 and known is not None and known.serial:
        emit(KINDS["get"], 0, task, queue.resource, 0, job.serial)
    begun = Attempt(task, queue, job_id, job)
    if not is_async:
        # The thread gives itself to the attempt.
        begun.previous = (S.current, S.body)
        if S.current:
            emit(KINDS["wait"], _TASK, S.current, 0, task)
        S.current = S.body = task
    waker = job.by if number == 1 else 0
    emit(KINDS["run"], _KNOWN if waker else _EXTERNAL, task, waker, queue.resource if waker else 0)
    if is_async:
        begun.worker = S.current
        emit(KINDS["wait"], _TASK, task, 0, begun.worker)
    return begun


def end_attempt(begun, site=0):
    """What it failed with, and what it has asked for, is noted on it."""
    task, queue, error = begun.id, begun.queue, begun.error
    if begun.worker:
        emit(KINDS["run"], _KNOWN, task, begun.worker)
    words = 0
    if error is not None:
        words = text(error if type(error) is str else error_words(error))
    if begun.next is None or error is None:
        queue.link(_SEND_RESULT, task, begun.job_id, _RESULT, 0, begun.done)
    emit(KINDS["activationEnd"], _OK if error is None else _ERROR, task, words, site)
    if begun.previous is not None:
        S.current, S.body = begun.previous
        if S.current:
            emit(KINDS["run"], _KNOWN, S.current, task)
    if begun.next is None:
        emit(KINDS["resourceEnd"], 0, task, begun.job.resource)
    else:
        begun.job.sent.add(begun.next)
        emit(KINDS["use"], _DELAYS, task, begun.job.resource, 0, min(begun.delay_ms, 0xFFFFFFFF))


def ask_again(begun, attempt, delay_ms=0, t=None):
    """The attempt asks for the next one. @param t: when it did, ns; None: now"""
    begun.next = attempt
    begun.delay_ms = delay_ms
    begun.queue.link(_SEND_JOB, begun.id, begun.job_id, attempt, 2, t, begun.queue.resource)


def note_done(begun):
    """Its function has ended. What follows tells others so."""
    if begun.done is None:
        begun.done = now()


def heard_result(queue, job_id, name):
    """Who runs now has the job's result. Told at the first time."""
    job = job_of(queue, job_id, name)
    if not job.is_heard:
        job.is_heard = True
        queue.link(_RECEIVE_RESULT, S.current, job_id, _RESULT)
