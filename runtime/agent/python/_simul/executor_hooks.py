"""concurrent.futures: what is given to a pool of threads, how long it waits there, who runs it."""
import sys
import weakref

from _simul import context_notes, kinds, late_bindings, lifecycle, order_notes, sites
from _simul.callback_errors import note_added, note_failed
from _simul.lifecycle import failure_site
from _simul.recorder import now
from _simul.resources import Resource, begin_resource, note_made
from _simul.state import KINDS, S, agent, emit, error_words, guarded, text
from _simul.threading_hooks import itself, mean, put_in

_POOL = kinds.RESOURCE_KINDS["pool"]
_CHUNK = kinds.ACTIVATION_KINDS["chunk"]
_READY = 1 << kinds.FLAGS["activationBegin"]["ready"][0]
_OK, _ERROR, _CANCELLED = (kinds.OUTCOMES[name] for name in ("ok", "error", "cancelled"))
_CAUGHT = (AttributeError, TypeError, ValueError, LookupError, RuntimeError)


def called(fn, args):
    """The function that a call is about, through partials and `Context.run`."""
    for _ in range(4):
        inner = getattr(fn, "func", None)
        if inner is not None:
            args = getattr(fn, "args", ()) + tuple(args)
            fn = inner
        elif getattr(fn, "__name__", "") == "run" and type(getattr(fn, "__self__", None)).__name__ == "Context":
            fn, args = args[0], args[1:]
        else:
            break
    return fn


def pool_of(executor):
    pool = getattr(executor, "_simul", None)
    if type(pool) is not Resource or pool.generation != agent.generation:
        frame = sites.user_frame(sys._getframe(1))
        name = type(executor).__name__
        site = 0
        if frame is not None:
            site = sites.line_site(frame)
        pool = executor._simul = Resource(begin_resource(_POOL, name, site, executor._max_workers))
    return pool


def begin_job(future, fn, args, executor):
    order_notes.begin(future)
    future._simul_context = context_notes.not_carried(fn)
    future._simul_bound = late_bindings.bound(fn, "submit")
    fn = called(fn, args)
    code = getattr(getattr(fn, "__func__", fn), "__code__", None)
    is_user = code is not None and sites.info_of(code).is_user
    site = sites.function_site(code) if is_user else sites.caller_site()
    name = getattr(fn, "__qualname__", type(fn).__qualname__).rpartition("<locals>.")[2]
    job = agent.next_id()
    pool = pool_of(executor).id if executor is not None else 0
    emit(KINDS["activationBegin"], _CHUNK | _READY, job, S.current or S.cause, site, text(name[:200]), pool)
    future._simul_job = (job, agent.generation)
    future._simul_asked = False
    made = future._simul_site = sites.caller_site()
    if made:
        emit(KINDS["use"], kinds.USES["begun"], job, 0, made)
    mean(future._condition, "task", Resource(job), "Future.result")
    S.last_job = job


def finish_made(executor):
    if hasattr(executor, "_max_workers"):
        note_made(executor, _POOL, executor._max_workers)


def before_queue(executor, fn, *args, **options):
    is_programs = S.current != 0 or sites.user_frame(sys._getframe(1)) is not None
    S.executor = executor if is_programs else None


def finish_queue(state):
    S.executor = None


def finish_item(item):
    executor = S.executor
    if executor is not None:
        args = getattr(item, "args", None)
        fn = getattr(item, "fn", None)
        if fn is None:
            # From 3.14 on an item has its function and arguments in `task`.
            fn, args = item.task[0], item.task[1]
        begin_job(item.future, fn, args, executor)


def before_run(item, *_):
    job = getattr(item.future, "_simul_job", None)
    if job is None or job[1] != agent.generation:
        return None
    previous = (S.current, S.body)
    S.current = S.body = job[0]
    emit(KINDS["run"], 0, job[0])
    context_notes.tell(item.future._simul_context, job[0])
    late_bindings.tell(item.future._simul_bound, job[0])
    return (item.future, job[0], previous, now(), lifecycle.usage())


def finish_run(state):
    if state is None:
        return
    future, job, previous, since, had = state
    cpu_us, flags = lifecycle.cpu_of(now() - since, had)
    outcome, words = _OK, 0
    error = future._exception
    if error is not None:
        outcome, words = _ERROR, text(error_words(error))
    elif future.cancelled():
        outcome = _CANCELLED
    site = 0 if error is None else failure_site(error.__traceback__)
    emit(KINDS["activationEnd"], outcome | flags, job, words, site, 0, cpu_us)
    if error is not None and not future._done_callbacks and not future._simul_asked:
        _keep_failed(job, future, site, words)
    S.current, S.body = previous
    order_notes.end(future)


#: Calls that failed and whose result nobody has asked for: a reference, and the fact's fields.
_failed = {}
_MAX_FAILED = 1000


def _keep_failed(job, future, site, words):
    if len(_failed) < _MAX_FAILED:
        fields = (job, site, words, future._simul_site)
        _failed[job] = (weakref.ref(future, lambda _: _note_failed(job)), fields)


def _note_failed(job):
    kept = _failed.pop(job, None)
    if kept is not None and agent.is_on:
        emit(KINDS["fact"], kinds.FACTS["never-retrieved"], *kept[1])


def note_all_failed():
    """At the end of the process."""
    for job in list(_failed):
        _note_failed(job)


def before_asked(future, *_, **__):
    """Whoever asks for the result, or adds a callback, gets the error."""
    job = getattr(future, "_simul_job", None)
    if job is not None:
        future._simul_asked = True
        _failed.pop(job[0], None)
    elif hasattr(future, "_simul_handed"):
        future._simul_asked = True
        _failed.pop(id(future), None)


def before_callback(future, fn):
    # asyncio's own looks for nothing but a cancellation.
    if getattr(fn, "__name__", "") != "_call_check_cancel":
        before_asked(future)
    note_added(future, fn)
    return future


#: What is called with a future that fails.
at_failure = []


def before_failure(future, error):
    """Of a coroutine that was handed to a loop (asyncio_follow.py): its error comes by way of this."""
    for function in at_failure:
        function(future)
    made = getattr(future, "_simul_handed", None)
    if made is None or error is None or future._simul_asked:
        return
    if len(_failed) < _MAX_FAILED:
        key = id(future)
        fields = (S.cause, failure_site(error.__traceback__), text(error_words(error)), made)
        _failed[key] = (weakref.ref(future, lambda _: _note_failed(key)), fields)


def install(module):
    base = sys.modules["concurrent.futures._base"]
    if module is base:
        rows = [
            (base._AcquireFutures, "__init__", itself, None, guarded(order_notes.finish_acquired)),
            (base.Future, "result", guarded(before_asked), None, None),
            (base.Future, "exception", guarded(before_asked), None, None),
            (base.Future, "add_done_callback", guarded(before_callback), None, None, note_failed),
            (base.Future, "_invoke_callbacks", itself, None, None, note_failed),
            (base.Future, "set_exception", guarded(before_failure), None, None),
        ]
        lifecycle.at_end(note_all_failed)
        put_in("concurrent.futures", rows)
        return
    thread = module
    rows = [
        (thread.ThreadPoolExecutor, "__init__", itself, None, guarded(finish_made)),
        (thread.ThreadPoolExecutor, "submit", guarded(before_queue), None, finish_queue),
        (thread._WorkItem, "__init__", itself, None, guarded(finish_item)),
        (thread._WorkItem, "run", guarded(before_run), None, guarded(finish_run)),
    ]
    put_in("concurrent.futures", rows)
