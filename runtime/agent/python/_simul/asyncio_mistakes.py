"""What is wrong with a use of asyncio, and what asyncio itself says of it.

Coroutines that nobody awaited, errors that nobody asked for, tasks that were collected, loops within
loops, locks of another loop: each is a fact of the recording.
"""
import sys

from _simul import asyncio_waits, kinds, lifecycle, resources, sites, source_notes
from _simul.lifecycle import failure_site
from _simul.state import KINDS, S, agent, emit, error_words, guarded, text


def before_exception_handler(loop, context):
    message = context.get("message", "")
    future = context.get("task") or context.get("future")
    state = getattr(future, "_simul", None)
    number = state.id if type(state) is asyncio_waits.task_state() and state.generation == agent.generation else 0
    error = context.get("exception")
    if error is not None and "never retrieved" in message:
        site = failure_site(error.__traceback__)
        note("never-retrieved", number, site, error_words(error))
    elif error is not None and message.startswith("Exception in callback") and not is_cancelled(error):
        note("unhandled", S.current, failure_site(error.__traceback__), error_words(error))
    elif "was destroyed but it is pending" in message and number != 0 and loop.is_running():
        note("task-collected", number, 0, "")


def is_cancelled(error):
    """asyncio asks a cancelled task for its error, as that of a connection when its loop ends."""
    exceptions = sys.modules.get("asyncio.exceptions")
    return exceptions is not None and isinstance(error, exceptions.CancelledError)


def note(what, task, site, words, called=0):
    emit(KINDS["fact"], kinds.FACTS[what], task, site, text(words), called)
    lifecycle.end_later()


def before_unawaited(coro):
    """A coroutine went away that nobody awaited. In most cases the line made it that is executed."""
    name = getattr(coro, "__qualname__", "").rpartition("<locals>.")[2]
    frame = sites.user_frame(sys._getframe(1))
    if frame is None:
        note("coroutine-unawaited", S.current, 0, name)
        return
    site = sites.line_site(frame)
    line = sites.source_line(frame.f_code.co_filename, frame.f_lineno)
    if name.rpartition(".")[2] + "(" in line:
        note("coroutine-unawaited", S.current, site, name)
    else:
        note("coroutine-unawaited", S.current, 0, name, site)


def before_run_here(main, *_, **__):
    """`asyncio.run` where a loop runs already: it refuses."""
    if asyncio_waits.running_loop() is not None:
        name = getattr(main, "__qualname__", type(main).__qualname__).rpartition("<locals>.")[2]
        note("nested-loop", S.current, sites.caller_site(), name)


def before_run_until_complete(loop, future):
    before_run_here(future)


def before_sigint(runner, signum, frame, main_task):
    """From 3.11 on Ctrl-C cancels the main task first."""
    lifecycle.note_interrupt(runner)


def before_cancel_all(loop):
    """The loop's end cancels what has not ended. What goes round for ever is meant to be."""
    if sys.exc_info()[1] is not None or lifecycle.has_failed():
        return
    for task in sys.modules["asyncio"].all_tasks(loop):
        state = getattr(task, "_simul", None)
        is_ours = type(state) is asyncio_waits.task_state() and state.generation == agent.generation
        # None: it has not begun.
        if not is_ours or state.is_waiting is None or not comes_to_an_end(state.coro):
            continue
        is_dropped = state.origin is not None and source_notes.drops_call(*state.origin, _TASK_MAKERS)
        fields = (state.id, state.wait_site, 0, state.made, 1 if is_dropped else 0)
        emit(KINDS["fact"], kinds.FACTS["cut-short"], *fields)


_TASK_MAKERS = ("create_task", "ensure_future")


def comes_to_an_end(coro):
    """A coroutine of the program's that is in no loop which goes on for ever."""
    found = False
    while coro is not None:
        frame = getattr(coro, "cr_frame", None)
        if frame is not None and sites.info_of(frame.f_code).is_user:
            if source_notes.is_unending(frame.f_code, frame.f_lineno):
                return False
            found = True
        coro = getattr(coro, "cr_await", None)
    return found


def before_get_loop(thing):
    """A lock or queue of another loop's."""
    loop, own = asyncio_waits.running_loop(), getattr(thing, "_loop", None)
    if own is None or loop is None or own is loop:
        return
    made = getattr(thing, "_simul", None)
    name, called = type(thing).__name__, 0
    if type(made) is resources.Resource:
        name, called = made.name or name, made.site
    note("wrong-loop", S.current, sites.caller_site(), name, called)


def rows(asyncio):
    """Owner, name, before, after, finish: what is spliced."""
    import warnings

    loop = asyncio.base_events.BaseEventLoop
    mixin = getattr(getattr(asyncio, "mixins", None), "_LoopBoundMixin", None)
    return [
        (loop, "call_exception_handler", guarded(before_exception_handler), None, None),
        (warnings, "_warn_unawaited_coroutine", guarded(before_unawaited), None, None),
        (getattr(asyncio, "Runner", None), "_on_sigint", guarded(before_sigint), None, None),
        (asyncio.runners, "run", guarded(before_run_here), None, None),
        (asyncio.runners, "_cancel_all_tasks", guarded(before_cancel_all), None, None),
        (loop, "run_until_complete", guarded(before_run_until_complete), None, None),
        (mixin, "_get_loop", guarded(before_get_loop), None, None),
    ]
