"""multiprocessing.pool.ThreadPool: which thread ran which call, and for how long.

Its workers take calls from a queue of C and answer into another: objects of ours stand for both, in
the pool's own threads alone. The program's function is called as ever, by the pool's own code.
"""

from _simul import kinds, lifecycle, pool_links, process_hooks, sites
from _simul.executor_hooks import called
from _simul.recorder import now
from _simul.resources import Resource
from _simul.state import KINDS, S, agent, emit, error_words, guarded, text
from _simul.system import system

_CHUNK = kinds.ACTIVATION_KINDS["chunk"]
_OK, _ERROR = kinds.OUTCOMES["ok"], kinds.OUTCOMES["error"]


class CallQueue:
    """Gives what the plain queue gives, and notes what a worker begins."""

    __slots__ = ("_plain", "_pool")

    def __init__(self, plain, pool):
        self._plain = plain
        self._pool = pool

    def get(self, *args, **options):
        task = self._plain.get(*args, **options)
        begin(self._pool, task)
        return task

    def __getattr__(self, name):
        return getattr(self._plain, name)


class AnswerQueue:
    """Takes what the plain queue takes, and notes that the call is over."""

    __slots__ = ("_plain",)

    def __init__(self, plain):
        self._plain = plain

    def put(self, answer, *args, **options):
        end(answer)
        self._plain.put(answer, *args, **options)

    def __getattr__(self, name):
        return getattr(self._plain, name)


@guarded
def begin(pool, task):
    # Only a worker's thread has no code of its own; who empties the queue at the end begins nothing.
    if not agent.is_on or type(task) is not tuple or len(task) != 5 or S.current != 0:
        return
    job, index, function, args, _ = task
    items = 1
    if getattr(function, "__name__", "") in process_hooks.MAPS and args:
        function, batch = args[0][0], args[0][1]
        items = len(batch) if hasattr(batch, "__len__") else 1
    function = called(function, ())
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    site = sites.function_site(code) if code is not None and sites.info_of(code).is_user else 0
    name = getattr(function, "__qualname__", type(function).__qualname__).rpartition("<locals>.")[2]
    number = agent.next_id()
    known = getattr(pool, "_simul", None)
    resource = known.id if type(known) is Resource and known.generation == agent.generation else 0
    emit(KINDS["activationBegin"], _CHUNK, number, 0, site, text(name[:200]), 0)
    first = (index or 0) * items
    emit(KINDS["chunk"], 0, number, resource, first & 0xFFFFFFFF, items, 0)
    token = pool_links.pool_token(job, index)
    pool_links.receive_call(number, token, system.getpid())
    S.current = S.body = number
    S.pool_work = (number, token, now(), lifecycle.usage())


@guarded
def end(answer):
    work, S.pool_work = S.pool_work, None
    if work is None:
        return
    number, token, since, had = work
    S.current = S.body = 0
    cpu_us, flags = lifecycle.cpu_of(now() - since, had)
    is_ok, value = answer[2]
    words = site = 0
    if not is_ok and isinstance(value, BaseException):
        words, site = text(error_words(value)), lifecycle.failure_site(value.__traceback__)
    pool_links.send_answer(number, token, system.getpid())
    emit(KINDS["activationEnd"], (_OK if is_ok else _ERROR) | flags, number, words, site, 0, cpu_us)


def finish_setup(pool):
    """After `_setup_queues`; what the pool's own threads use stays plain."""
    if pool is not None and hasattr(pool, "_inqueue"):
        pool._inqueue = CallQueue(pool._inqueue, pool)
        pool._outqueue = AnswerQueue(pool._outqueue)
