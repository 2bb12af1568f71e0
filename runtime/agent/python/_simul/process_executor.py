"""ProcessPoolExecutor: what it is given, which worker runs it, and what comes back.

The workers tell of their calls as those of a `Pool` do (process_hooks.py).
"""
import sys

from _simul import kinds, order_notes, own_copies, pool_links, process_hooks, sent_with_each, sites
from _simul.executor_hooks import at_failure, called
from _simul.process_hooks import begin_chunk, end_chunk
from _simul.resources import Resource, note_made
from _simul.state import KINDS, S, agent, emit, error_words, guarded, text
from _simul.threading_hooks import itself, mean, put_in

_POOL = kinds.RESOURCE_KINDS["pool"]


def finish_made(executor):
    if hasattr(executor, "_max_workers"):
        note_made(executor, _POOL, executor._max_workers)


def pool_of(executor):
    known = getattr(executor, "_simul", None)
    return known if type(known) is Resource and known.generation == agent.generation else None


def before_spawn(executor):
    pool = pool_of(executor)
    if pool is not None:
        process_hooks.pools[id(executor._call_queue)] = pool.id


def before_submit(executor, fn, *_, **__):
    S.submitting = executor


def finish_submit(_state):
    S.submitting = None


def finish_item(item):
    executor = S.submitting
    pool = None if executor is None else pool_of(executor)
    if pool is None:
        return
    item.future._simul_token = (pool_links.executor_token(pool.id, executor._queue_count), agent.generation)
    order_notes.begin(item.future)
    function, args = called_with(item.fn, item.args)
    own_copies.note_given(function, args, "the pool")
    site = sites.caller_site()
    sent_with_each.note_given(executor, function, name_of(called(function, ())), site)
    emit(KINDS["use"], kinds.USES["call"], S.current, pool.id, site)
    pool_links.send_call(item.future._simul_token[0], pool.id)
    mean(item.future._condition, "pool", pool, "Future.result")


def before_set(future, *_):
    token = getattr(future, "_simul_token", None)
    if token is not None and token[1] == agent.generation:
        pool_links.receive_answer(token[0])
        order_notes.end(future)


def name_of(function):
    return getattr(function, "__qualname__", type(function).__qualname__).rpartition("<locals>.")[2]


# ── in the worker ──────────────────────────────────────────────────────────────────────


def is_map(function):
    return getattr(getattr(function, "func", None), "__name__", "") == "_process_chunk"


def called_with(function, args):
    """`map` gives a function and some of its items."""
    return (function.args[0], ()) if is_map(function) else (function, args)


def before_worker(call_queue, *_, **__):
    process_hooks.begin_worker(call_queue)


def take(item):
    """What a worker got from its queue of calls."""
    if type(item).__name__ != "_CallItem":
        return
    items = len(item.args[0]) if is_map(item.fn) else 0
    function = called(called_with(item.fn, item.args)[0], item.args)
    begin_chunk(function, items, pool_links.executor_token(process_hooks.worker_pool(), item.work_id))


def before_answer(result_queue, work_id, result=None, exception=None, *_, **__):
    error = getattr(exception, "exc", exception)
    words = text(error_words(error)) if isinstance(error, BaseException) else 0
    end_chunk(exception is None, error, words)


def install(module):
    base = sys.modules["concurrent.futures._base"]
    own = module.ProcessPoolExecutor
    at_failure.append(before_set)
    rows = [
        (own, "__init__", itself, None, guarded(finish_made)),
        (own, "_spawn_process", guarded(before_spawn), None, None),
        (own, "_adjust_process_count", guarded(before_spawn), None, None),
        (own, "submit", guarded(before_submit), None, finish_submit),
        (module._WorkItem, "__init__", itself, None, guarded(finish_item)),
        (base.Future, "set_result", guarded(before_set), None, None),
        (module, "_process_worker", guarded(before_worker), None, None),
        (module, "_sendback_result", guarded(before_answer), None, None),
    ]
    put_in("concurrent.futures.process", rows)
