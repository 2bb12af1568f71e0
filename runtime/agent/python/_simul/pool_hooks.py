"""multiprocessing.pool, in the process that has the pool: what is asked of it, and what is lost:
calls whose worker died, results that could not be read, calls that were left when the pool was.
What the workers do is told by themselves (process_hooks.py).
"""
import sys
import weakref
from types import GeneratorType

from _simul import (
    kinds,
    lifecycle,
    order_notes,
    own_copies,
    pool_links,
    process_hooks,
    sent_with_each,
    sites,
    thread_pool_hooks,
)
from _simul.executor_hooks import called
from _simul.process_hooks import after_take, before_give, before_take, before_worker, before_wrap
from _simul.resources import Resource, note_made
from _simul.state import KINDS, OWN_ERRORS, S, agent, emit, error_words, fault, guarded, text
from _simul.threading_hooks import itself, mean, put_in

_POOL = kinds.RESOURCE_KINDS["pool"]
_CALLBACK = kinds.ACTIVATION_KINDS["event-callback"]
_FACTS = kinds.FACTS
#: What a pool has taken from its input and not worked on, before it is told.
_MIN_TAKEN_BYTES = 8 << 20
_MIN_TAKEN = 10_000
#: Of one map: of more of them nobody asks where each came from.
_MAX_CHUNKS = 10_000


def before_repopulate(pool):
    if not hasattr(pool, "_simul"):
        note_made(pool, _POOL, pool._processes)
    known = getattr(pool, "_simul", None)
    if type(known) is Resource:
        process_hooks.pools[id(pool._inqueue)] = known.id
        sent_with_each.watch(pool)


def before_call(pool, func, *_, **__):
    """`map`, `imap` and so on: the call's result is made next."""
    begin_call(pool, func, ())


def before_apply(pool, func, args=(), *_, **__):
    begin_call(pool, func, args)


def begin_call(pool, func, args):
    if not is_of_threads(pool):
        own_copies.note_given(func, args, "the pool")
    S.pool_call = (name_of(func), sites.caller_site(), S.current, sent_with_each.large_argument(func))


def is_of_threads(pool):
    return isinstance(pool, sys.modules["multiprocessing.pool"].ThreadPool)


def finish_call(_state):
    S.pool_call = None


def name_of(func):
    func = called(func, ())
    return getattr(func, "__qualname__", type(func).__qualname__).rpartition("<locals>.")[2]


def finish_result(result):
    if result is None or not hasattr(result, "_event"):
        return
    pool = getattr(getattr(result, "_pool", None), "_simul", None)
    if type(pool) is Resource and pool.generation == agent.generation:
        call = result._simul_call = S.pool_call
        if call is not None:
            emit(KINDS["use"], kinds.USES["call"], S.current, pool.id, call[1])
        if type(result).__name__ != "MapResult":
            pool_links.send_call(pool_links.pool_token(result._job, 0), pool.id)
        name = type(result).__name__
        mean(result._event._cond, "pool", pool, name + ".get")


# ── errors that nobody asks for ──────────────────────────────────────────────────────────

#: By a number of the result's: a reference, and the fact's fields.
_failed = {}
_MAX_FAILED = 1000


def note_outcome(result, call, outcome):
    """A call has its outcome. Whoever gave it an error callback, or asks for it, gets the error."""
    # An iterator gives its errors to whoever asks for the next.
    is_asked = getattr(result, "_simul_asked", not hasattr(result, "_event"))
    if is_asked or result._error_callback is not None or len(_failed) >= _MAX_FAILED:
        return
    is_ok, value = outcome
    if not is_ok and isinstance(value, Exception) and not hasattr(result, "_simul_failure"):
        number = result._simul_failure = agent.next_id()
        reference = weakref.ref(result, lambda _: note_failed(number))
        _failed[number] = (reference, text(error_words(value)), call[1])


def before_ask(result, *_, **__):
    if hasattr(result, "_event"):
        result._simul_asked = True
        _failed.pop(getattr(result, "_simul_failure", 0), None)


def note_failed(number):
    kept = _failed.pop(number, None)
    if kept is not None and agent.is_on:
        emit(KINDS["fact"], _FACTS["never-retrieved"], 0, 0, kept[1], kept[2])


def note_all_failed():
    """At the end of the process."""
    for number in list(_failed):
        note_failed(number)


def finish_map(result):
    """A map knows into how many chunks it was cut."""
    pool = getattr(getattr(result, "_pool", None), "_simul", None)
    if type(pool) is Resource and pool.generation == agent.generation:
        result._simul_chunks = result._number_left
        for index in range(min(result._number_left, _MAX_CHUNKS)):
            pool_links.send_call(pool_links.pool_token(result._job, index), pool.id)


# ── what comes back ────────────────────────────────────────────────────────────────────


def before_set(result, index, answer):
    """The pool's thread for results has one; it calls back at once."""
    call = getattr(result, "_simul_call", None)
    if call is None:
        return None
    order = getattr(result, "_simul_order", None)
    if order is not None:
        order.done(index)
    note_outcome(result, call, answer)
    pool_links.receive_answer(pool_links.pool_token(result._job, index))
    callback = callback_of(result, answer[0])
    if callback is None:
        return None
    function = called(callback, ())
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    site = sites.function_site(code) if code is not None and sites.info_of(code).is_user else call[1]
    name = getattr(function, "__qualname__", type(function).__qualname__).rpartition("<locals>.")[2]
    number = agent.next_id()
    emit(KINDS["activationBegin"], _CALLBACK, number, call[2], site, text(name[:200]), 0)
    previous, S.current = S.current, number
    return (number, previous)


def callback_of(result, is_ok):
    """Of a map the callback comes with its last chunk, and that for errors with the first one."""
    if getattr(result, "_number_left", 1) > 1 and is_ok:
        return None
    is_ok = is_ok and getattr(result, "_success", True) is not False
    return getattr(result, "_callback" if is_ok else "_error_callback", None)


def finish_set(state):
    if state is not None:
        number, S.current = state
        error = sys.exc_info()[1]
        emit(KINDS["activationEnd"], kinds.OUTCOMES["ok" if error is None else "error"], number)


# ── what is lost ───────────────────────────────────────────────────────────────────────


def before_join_exited(workers):
    """A worker that died takes what it worked on with it."""
    for worker in workers:
        code = worker.exitcode
        pid = getattr(getattr(worker, "_popen", None), "pid", None)
        if code is not None and pid is not None:
            process_hooks.note_child_end(pid, code)


def finish_results(_state):
    error = sys.exc_info()[1]
    if isinstance(error, Exception):
        site = lifecycle.failure_site(error.__traceback__)
        emit(KINDS["fact"], _FACTS["results-lost"], 0, site, text(error_words(error)))


def before_terminate(cls, *args):
    """Calls that nobody has waited for, and that have not been done, will not be."""
    workers = args[3]
    if sys.exc_info()[1] is not None or lifecycle.has_failed():
        return workers
    left = {}
    for result in list(args[-1].values()):
        call = getattr(result, "_simul_call", None)
        pool = getattr(getattr(result, "_pool", None), "_simul", None)
        if call is not None and type(pool) is Resource and not result._event.is_set():
            key = (call[:2], pool.name)
            left[key] = left.get(key, 0) + 1
    site = sites.caller_site()
    for ((name, called_at), pool_name), amount in left.items():
        words = text("%s|%s" % (name, pool_name))
        emit(KINDS["fact"], _FACTS["pool-left"], S.current, site, words, called_at, amount)
    return workers


def finish_terminate(workers):
    """It joins only those that have not ended yet."""
    if workers is not None:
        before_join_exited(workers)


# ── what imap takes ────────────────────────────────────────────────────────────────────


def count_tasks(plain):
    """A generator of the pool's own, which takes from the program's, in its thread for tasks."""

    def _guarded_task_generation(self, result_job, func, iterable):
        tasks = plain(self, result_job, func, iterable)
        result = self._cache.get(result_job)
        call = getattr(result, "_simul_call", None)
        if call is None or not hasattr(result, "_unsorted"):
            return tasks
        # What is in memory already does not grow.
        taken = None if hasattr(iterable, "__len__") else Taken(result, call, iterable)
        return counted(tasks, sender_of(result, call), taken)

    return _guarded_task_generation


def sender_of(result, call):
    pool = getattr(getattr(result, "_pool", None), "_simul", None)
    number = pool.id if type(pool) is Resource else 0

    def send(task):
        if agent.is_on:
            pool_links.send_call(pool_links.pool_token(task[0], task[1]), number, call[2])

    return guarded(send)


def counted(tasks, send, taken):
    for task in tasks:
        send(task)
        if taken is not None:
            taken.add(task)
        yield task


class Taken:
    """What an imap has taken from its input, and how much of it has not come back."""

    def __init__(self, result, call, iterable):
        self.result, self.call, self.iterable = result, call, iterable
        self.count = self.size = 0
        self.bound = 1

    def add(self, task):
        try:
            self.count += 1
            self.size += sys.getsizeof(task[3][0]) if task[3] else 0
            left = self.count - self.result._index - len(self.result._unsorted)
            has_grown = left * self.size >= self.bound * _MIN_TAKEN_BYTES * self.count
            if has_grown or left >= self.bound * _MIN_TAKEN:
                self.bound *= 2
                note_taken(self.call, self.iterable, left)
        except OWN_ERRORS as error:
            fault(error)


def note_taken(call, iterable, left):
    name, site = call[:2]
    code = iterable.gi_code if type(iterable) is GeneratorType else None
    is_users = code is not None and sites.info_of(code).is_user
    source = sites.function_name(code) if is_users else "its input"
    called_at = sites.function_site(code) if is_users else 0
    words = text("items taken|%s|%s" % (name, source))
    emit(KINDS["fact"], _FACTS["growth"], 0, site, words, called_at, left)


def finish_iterator(result):
    if result is None or not hasattr(result, "_cond"):
        return
    result._simul_call = S.pool_call
    if type(result).__name__ == "IMapUnorderedIterator" and S.current != 0:
        result._simul_order = order_notes.order_of(sites.user_frame(sys._getframe(1)), "imap_unordered")
    pool = getattr(getattr(result, "_pool", None), "_simul", None)
    if type(pool) is Resource and pool.generation == agent.generation:
        mean(result._cond, "pool", pool, "IMapIterator.next")


def install(pool):
    import multiprocessing.queues as queues

    own = pool.Pool
    lifecycle.at_end(note_all_failed)
    rows = [
        (pool, "worker", guarded(before_worker), None, None),
        (own, "_repopulate_pool", guarded(before_repopulate), None, None),
        (pool.ExceptionWithTraceback, "__init__", guarded(before_wrap), None, None),
        (pool.ApplyResult, "__init__", itself, None, guarded(finish_result)),
        (pool.ApplyResult, "get", guarded(before_ask), None, None),
        (pool.ApplyResult, "successful", guarded(before_ask), None, None),
        (pool.MapResult, "__init__", itself, None, guarded(finish_map)),
        (pool.IMapIterator, "__init__", itself, None, guarded(finish_iterator)),
        (own, "_join_exited_workers", guarded(before_join_exited), None, None),
        (own, "_handle_results", None, None, guarded(finish_results)),
        (own, "_terminate_pool", guarded(before_terminate), None, guarded(finish_terminate)),
        (pool.ThreadPool, "_setup_queues", itself, None, guarded(thread_pool_hooks.finish_setup)),
        (queues.SimpleQueue, "get", guarded(before_take), after_take, None),
        (queues.SimpleQueue, "put", guarded(before_give), None, None),
    ]
    rows.append((own, "apply_async", guarded(before_apply), None, finish_call))
    for name in ("_map_async", "imap", "imap_unordered"):
        rows.append((own, name, guarded(before_call), None, finish_call))
    for kind in (pool.ApplyResult, pool.MapResult, pool.IMapIterator, pool.IMapUnorderedIterator):
        rows.append((kind, "_set", guarded(before_set), None, guarded(finish_set)))
    put_in("multiprocessing.pool", rows)
    own._guarded_task_generation = count_tasks(own._guarded_task_generation)
