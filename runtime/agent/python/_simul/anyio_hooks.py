"""anyio on asyncio: what is given to its threads, how long it waits for one, who runs it.

A limiter says how many threads there may be: it is the pool. Each thread takes its calls from a queue
of its own, for which an object of ours stands; the program's function is called as ever.
"""
from _simul import asyncio_waits, kinds, lifecycle, sites
from _simul.executor_hooks import called
from _simul.recorder import now
from _simul.resources import Resource, begin_resource
from _simul.state import KINDS, S, agent, emit, error_words, guarded, text
from _simul.threading_hooks import itself, put_in

_POOL = kinds.RESOURCE_KINDS["pool"]
_CHUNK = kinds.ACTIVATION_KINDS["chunk"]
_READY = 1 << kinds.FLAGS["activationBegin"]["ready"][0]
_OK, _ERROR = kinds.OUTCOMES["ok"], kinds.OUTCOMES["error"]
_TASK, _FOR_POOL = kinds.REASONS["task"], kinds.REASONS["pool"]
_NAME = "anyio threads"

#: By task: the call that it has asked for and that no thread has yet.
_asked = {}
#: By the id of a limiter: itself, and its resource.
_pools = {}
_MAX_POOLS = 1000


class Call:
    """What a thread works on."""

    __slots__ = ("number", "since", "had", "previous")

    def __init__(self, number):
        self.number = number
        self.since, self.had = now(), lifecycle.usage()
        self.previous = (S.current, S.body)

    def end(self, error=None):
        S.call = None
        cpu_us, flags = lifecycle.cpu_of(now() - self.since, self.had)
        outcome, words, site = _OK, 0, 0
        if error is not None:
            outcome, words = _ERROR, text(error_words(error))
            site = lifecycle.failure_site(error.__traceback__)
        emit(KINDS["activationEnd"], outcome | flags, self.number, words, site, 0, cpu_us)
        S.current, S.body = self.previous


class CallQueue:
    """Does what the plain queue does, and notes what the thread begins and has done."""

    __slots__ = ("_plain", "_next")

    def __init__(self, plain):
        self._plain = plain
        self._next = 0

    def put_nowait(self, item):
        self._next = give(item)
        self._plain.put_nowait(item)

    def get(self, *args, **options):
        item = self._plain.get(*args, **options)
        number, self._next = self._next, 0
        if item is not None and number:
            begin(number)
        return item

    def task_done(self):
        finish()
        self._plain.task_done()

    def __getattr__(self, name):
        return getattr(self._plain, name)


@guarded
def give(item):
    job = _asked.get(S.current) if item is not None else None
    if job is None or job[1] != agent.generation:
        return 0
    if asyncio_waits.is_future(item[3]):
        item[3]._simul = (_TASK, *job)
    return job[0]


@guarded
def begin(number):
    S.call = Call(number)
    S.current = S.body = number
    emit(KINDS["run"], 0, number)


@guarded
def finish():
    if S.call is not None:
        S.call.end()


def before_ask(cls, func, args, abandon_on_cancel=False, limiter=None):
    task = S.current
    if task == 0:
        return 0
    pool = pool_of(cls.current_default_thread_limiter() if limiter is None else limiter)
    function = called(func, args)
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    is_user = code is not None and sites.info_of(code).is_user
    made = sites.caller_site()
    site = sites.function_site(code) if is_user else made
    name = getattr(function, "__qualname__", type(function).__qualname__).rpartition("<locals>.")[2]
    number = agent.next_id()
    emit(KINDS["activationBegin"], _CHUNK | _READY, number, task, site, text(name[:200]), pool.id)
    if made:
        emit(KINDS["use"], kinds.USES["begun"], number, 0, made)
    _asked[task] = (number, agent.generation)
    return task


def finish_ask(task):
    if task:
        _asked.pop(task, None)


def pool_of(limiter):
    known = _pools.get(id(limiter))
    if known is None or known[0] is not limiter or known[1].generation != agent.generation:
        if len(_pools) >= _MAX_POOLS:
            _pools.clear()
        total = getattr(limiter, "total_tokens", 0)
        capacity = total if type(total) is int else None
        known = _pools[id(limiter)] = (limiter, Resource(begin_resource(_POOL, _NAME, 0, capacity)))
    return known[1]


def wait_for_thread(frame, future, info):
    """A limiter that is full: that of threads is their pool."""
    known = _pools.get(id(frame.f_locals.get("self")))
    if known is None or known[1].generation != agent.generation:
        return None, 0
    return _FOR_POOL, known[1].id


def finish_thread(thread):
    if thread is not None and hasattr(thread, "queue"):
        thread.queue = CallQueue(thread.queue)


def install(module):
    backend = getattr(module, "AsyncIOBackend", None)
    if backend is None or not hasattr(module, "WorkerThread"):
        return
    rows = [
        (backend, "run_sync_in_worker_thread", guarded(before_ask), None, finish_ask),
        (module.WorkerThread, "__init__", itself, None, guarded(finish_thread)),
    ]
    put_in(module.__name__, rows)
    asyncio_waits.learn(module.CapacityLimiter, {"acquire_on_behalf_of": wait_for_thread})
