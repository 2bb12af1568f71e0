"""asyncio: tasks, each of their steps, who woke them, who cancelled them.

The event loop's step is seen where it runs, in `Handle._run`; no coroutine is wrapped, and tasks
stay those of the C accelerator. A task's state of ours hangs on the task, so it lives as long.

    Handle._run            run … wait | end          the task, or the callback, of the handle
    BaseEventLoop._call_soon   wake, cancel          whoever runs now has made a task ready
    BaseEventLoop.create_task  begin                 parent, name, function
"""
import sys

from _simul import (
    asyncio_cells,
    asyncio_follow,
    asyncio_makings,
    asyncio_mistakes,
    asyncio_shared,
    asyncio_sync,
    asyncio_waits,
    kinds,
    lifecycle,
    order_notes,
    signal_handlers,
    sites,
)
from _simul.asyncio_tasks import READY, TASK_KIND, TaskState, begin_task, note_begun, state_of
from _simul.asyncio_waits import wait_of
from _simul.lifecycle import failure_site
from _simul.recorder import now, pack
from _simul.splice import NotSpliced, keep_splices, splice
from _simul.state import KINDS, OWN_ERRORS, S, agent, emit, error_words, fault, guarded, notice, text
from _simul.task_names import coroutine_name

_RUN, _WAIT, _WAKE = KINDS["run"], KINDS["wait"], KINDS["wake"]
_BEGIN, _END = KINDS["activationBegin"], KINDS["activationEnd"]
_TIMER_CALLBACK = kinds.ACTIVATION_KINDS["timer-callback"]
_EVENT_CALLBACK = kinds.ACTIVATION_KINDS["event-callback"]
_OK, _ERROR, _CANCELLED = (kinds.OUTCOMES[name] for name in ("ok", "error", "cancelled"))
_KNOWN = kinds.WAKERS["known"]
_TASK_REASON = kinds.REASONS["task"]
#: Hangs on tasks that asyncio makes for itself.
_OWN = ("asyncio's own",)


# ── a step ─────────────────────────────────────────────────────────────────────────────


def before_run(handle):
    # These three hooks run at each step: they are guarded in themselves.
    try:
        callback = handle._callback
        try:
            task = callback.__self__
            state = task._simul
            if type(state) is not TaskState or state.generation != agent.generation:
                return before_unknown(handle, callback, task)
        except AttributeError:
            task = getattr(callback, "__self__", None)
            if asyncio_waits.is_task(task) and not hasattr(task, "_simul"):
                state_of(task)
                return before_run(handle)
            return before_callback(handle, callback)
        thread = S
        state.previous = thread.current
        thread.current = number = state.id
        state.lane = lane = thread.lane
        record = pack(now(), number, 0, 0, 0, 0, lane, 0, _RUN)
        try:
            agent.out.write(record)
        except ValueError:
            agent.out.roll(record)
        if state.cells is not None:
            asyncio_cells.resume(state)
        return task
    except OWN_ERRORS as error:
        fault(error)
        return None


def after_run(task):
    if task is None:
        return
    try:
        if type(task) is tuple:
            after_callback(*task)
            return
        state = task._simul
        S.current = state.previous
        if task.done():
            end_task(task, state)
            return
        flags, site, target = wait_of(state.coro, task, state)
        state.wait_site = site
        if state.cancel is not None:
            asyncio_follow.follow_cancel(state, task, site)
        if asyncio_waits.held_by_generators:
            asyncio_follow.note_left_open(state, site)
        record = pack(now(), state.id, site, target, 0, 0, state.lane, flags, _WAIT)
        try:
            agent.out.write(record)
        except ValueError:
            agent.out.roll(record)
    except OWN_ERRORS as error:
        fault(error)


def before_unknown(handle, callback, task):
    if not asyncio_waits.is_task(task) or task._simul is _OWN:
        return before_callback(handle, callback)
    state = state_of(task)
    state.previous = S.current
    S.current = state.id
    state.lane = S.lane
    emit(_RUN, 0, state.id)
    return task


def end_task(task, state):
    outcome, error = _OK, 0
    if task.cancelled():
        outcome = _CANCELLED
    else:
        failure = task._exception
        if failure is not None:
            outcome, error = _ERROR, text(error_words(failure))
    canceller = state.canceller if outcome == _CANCELLED else 0
    if state.cancel is not None:
        asyncio_shared.tell(state, task)
    if order_notes.waited and state.coro is not None:
        order_notes.end_coroutine(state.coro)
    if outcome == _CANCELLED and state.is_waiting is None:
        asyncio_follow.note_never_begun(state)
    if state.cells is not None:
        asyncio_cells.end(state, outcome == _OK)
    state.coro = state.call = None
    if state.making is not None and outcome != _CANCELLED:
        asyncio_makings.end(state, outcome != _OK)
    site = 0
    if outcome == _ERROR:
        site = failure_site(failure.__traceback__)
        lifecycle.note_unprimed(failure, failure.__traceback__)
    emit(_END, outcome, state.id, error, site, canceller)


# ── callbacks that are no task's step ──────────────────────────────────────────────────


def before_callback(handle, callback):
    """A callback of the program's own is an activation; one of the library's passes on whose doing
    it is: the end of a task, a result that another thread has set."""
    code = callback_code(callback)
    info = None if code is None else sites.info_of(code)
    previous = S.current
    if info is not None and info.is_user:
        number = agent.next_id()
        kind = _TIMER_CALLBACK if hasattr(handle, "_when") else _EVENT_CALLBACK
        name = getattr(callback, "__qualname__", code.co_name).rpartition("<locals>.")[2]
        cause = cause_of(handle._args)
        emit(_BEGIN, kind, number, cause, sites.function_site(code), text(name[:200]), 0)
        S.current = number
        return (previous, number)
    S.cause = cause_of(handle._args)
    S.current = 0
    return (previous, 0)


def after_callback(previous, number):
    S.current = previous
    S.cause = 0
    if number != 0:
        emit(_END, _OK, number)


def callback_code(callback):
    """The code that a callback runs: through partials and methods; None: it is no Python."""
    for _ in range(4):
        inner = getattr(callback, "func", None)
        if inner is None:
            break
        callback = inner
    function = getattr(callback, "__func__", callback)
    return getattr(function, "__code__", None)


def cause_of(arguments):
    """Who completed the future that a callback is about; 0: not known."""
    if not arguments:
        return 0
    future = arguments[0]
    state = getattr(future, "_simul", None)
    if type(state) is TaskState:
        return state.id if state.generation == agent.generation else 0
    return getattr(future, "_simul_by", 0) if asyncio_waits.is_future(future) else 0


# ── who makes whom ready ───────────────────────────────────────────────────────────────


def before_call_soon(loop, callback, args, context):
    if S.current == 0 and signal_handlers.places:
        signal_handlers.note_not_woken(callback)
    try:
        state = callback.__self__._simul
        if type(state) is not TaskState:
            return
    except AttributeError:
        if args and S.current != 0 and asyncio_waits.is_future(args[0]):
            mark(args[0])
            if S.call is not None and len(args) == 3:
                # A thread of anyio's gives its result to the loop.
                S.call.end(args[2])
        return
    # A task that gives its turn away makes itself ready.
    if not state.is_waiting:
        return
    try:
        make_ready(loop, callback, args, state)
    except OWN_ERRORS as error:
        fault(error)


def make_ready(loop, callback, args, state):
    state.is_waiting = False
    # uvloop keeps to itself in which thread it runs.
    thread = getattr(loop, "_thread_id", None)
    if thread != S.os_thread and thread is not None:
        note_other_thread(state)
    waker = S.current or S.cause
    site = sites.caller_site() if S.current != 0 else 0
    if state.canceller == 0 and args:
        note_cancel(state, callback.__self__, args[0], waker, site)
    if state.resource in asyncio_waits.groups:
        asyncio_waits.note_decider(state, waker)
    dropped = getattr(args[0], "_simul_dropped", 0) if args else 0
    if dropped and args[0].done() and not args[0].cancelled():
        asyncio_waits.note_dropped(args[0], dropped)
    record = pack(now(), state.id, waker, state.resource, site, 0, S.lane, 0, _WAKE)
    try:
        agent.out.write(record)
    except ValueError:
        agent.out.roll(record)


def note_other_thread(state):
    """`call_soon_threadsafe` wakes a loop that sleeps, `call_soon` does not."""
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_name != "_call_soon":
        frame = frame.f_back
    if frame is not None and frame.f_back.f_code.co_name == "call_soon":
        caller = sites.user_frame(frame)
        name = "" if caller is None else sites.function_name(caller.f_code)
        asyncio_mistakes.note("wrong-thread", state.id, sites.caller_site(), name)


def mark(future):
    """The future is done, and by whom: its callbacks are told later."""
    if type(getattr(future, "_simul", None)) is not TaskState and future.done():
        future._simul_by = S.current


def note_cancel(state, task, future, waker, site):
    """What the task waits for was cancelled: that is how asyncio asks a task to stop. Before 3.11 it
    is not told from a future that was cancelled by itself."""
    cancelling = getattr(task, "cancelling", None)
    if cancelling is None:
        if not future.cancelled() or type(getattr(future, "_simul", None)) is TaskState:
            return
    elif cancelling() == 0:
        return
    # It may wait for others that were cancelled in its place: whoever asked them, asked it.
    by = _cancellers.get(waker, waker)
    if len(_cancellers) >= _MAX_CANCELLED:
        _cancellers.clear()
    state.canceller = _cancellers[state.id] = by
    emit(KINDS["cancel"], 0, state.id, by, site)
    asyncio_follow.begin_cancel(state, task, site)
    asyncio_shared.note(state, task, site)


#: Of tasks that were cancelled lately: who asked for it.
_cancellers = {}
_MAX_CANCELLED = 10_000


# ── begin ──────────────────────────────────────────────────────────────────────────────


def before_create_task(loop, coro, **options):
    """Of a task that runs at once, its first step is begun here."""
    factory = loop._task_factory
    is_eager = options.get("eager_start") or (
        factory is not None and getattr(factory, "__code__", None) in asyncio_waits.eager_factories
    )
    if not is_eager or sys.version_info < (3, 12):
        return None
    if getattr(coro, "cr_code", None) in asyncio_waits.own_coroutines:
        return None
    state = begin_eager(coro, options.get("name"))
    return state


def begin_eager(coro, name):
    number = agent.next_id()
    own, site = coroutine_name(None, coro)
    state = TaskState(number, coro, site)
    emit(_BEGIN, TASK_KIND, number, S.current or S.cause, site, text(str(name)[:200] if name else own), 0)
    note_begun(state)
    state.previous = S.current
    S.current = number
    state.lane = S.lane
    return state


def after_create_task(state, task):
    try:
        if state is None:
            if task is not None and not task.done() and type(getattr(task, "_simul", None)) is not TaskState:
                coro = task.get_coro()
                code = getattr(coro, "cr_code", None)
                if code is not None and code in asyncio_waits.own_coroutines:
                    task._simul = _OWN
                else:
                    begin_task(task, coro, S.current or S.cause, READY)
        elif task is not None:
            task._simul = state
            after_run(task)
    except (AttributeError, TypeError, ValueError, LookupError, RuntimeError) as error:
        fault(error)
    return task


def finish_create_task(state):
    """An eager step that raised: the task's end was not reached."""
    if state is not None and S.current == state.id:
        S.current = state.previous


def before_named(coro, *, name=None, **options):
    """Up to 3.12 a task gets its name when it was made."""
    S.task_name = None if name is None else str(name)


def before_named_of_group(group, coro, *, name=None, **options):
    S.task_name = None if name is None else str(name)


def finish_named(state):
    S.task_name = None


# ── the loop ───────────────────────────────────────────────────────────────────────────


def before_run_forever(loop):
    """The thread's own code waits while its event loop runs."""
    number = S.current
    if number == 0:
        return None
    frame = sys._getframe(1)
    site = sites.caller_site()
    flags, target = 0, 0
    while frame is not None and not sites.info_of(frame.f_code).is_user:
        if frame.f_code in asyncio_waits.loop_runners:
            future = frame.f_locals.get("future")
            state = getattr(future, "_simul", None)
            if type(state) is TaskState:
                flags, target = _TASK_REASON, state.id
            break
        frame = frame.f_back
    emit(_WAIT, flags, number, site, target)
    S.current = 0
    return (number, target)


def after_run_forever(state):
    if state is None:
        return
    number, target = state
    lifecycle.note_interrupt()
    S.current = number
    S.last = now()
    emit(_RUN, _KNOWN if target else 0, number, target)


# ── installation ───────────────────────────────────────────────────────────────────────


def install(asyncio):
    events, base, tasks = asyncio.events, asyncio.base_events, asyncio.tasks
    loop = base.BaseEventLoop
    rows = [
        (events.Handle, "_run", before_run, None, after_run),
        (loop, "_call_soon", before_call_soon, None, None),
        (loop, "create_task", guarded(before_create_task), after_create_task, finish_create_task),
        (loop, "run_forever", guarded(before_run_forever), None, guarded(after_run_forever)),
    ]
    if sys.version_info < (3, 13):
        rows.append((tasks, "create_task", guarded(before_named), None, finish_named))
        group = getattr(asyncio, "TaskGroup", None)
        rows.append((group, "create_task", guarded(before_named_of_group), None, finish_named))
    rows += asyncio_sync.rows(asyncio)
    rows += asyncio_waits.rows(asyncio)
    rows += asyncio_mistakes.rows(asyncio)
    rows += asyncio_follow.rows(asyncio)
    for owner, name, before, after, finish in rows:
        try:
            if owner is not None and name in owner.__dict__:
                splice(owner, name, before, after, finish)
        except (NotSpliced, SyntaxError, TypeError, ValueError) as error:
            notice("asyncio's %s is not seen into: %s" % (name, error))
    keep_splices()
    # What was spliced is other code: it is learnt now.
    asyncio_waits.install(asyncio, TaskState)
    sites.info_of(events.Handle._run.__code__).is_edge = True
