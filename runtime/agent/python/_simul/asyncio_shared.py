"""A task that several wait for, and that the cancellation of one of them has cancelled: it passes on
to what a task awaits. The others get a CancelledError that nobody meant for them.

    return await self.running[key]            one of those who wait here has a time limit
"""
import sys

from _simul import asyncio_waits, kinds, sites
from _simul.state import KINDS, agent, emit, text
from _simul.task_names import coroutine_name


class Shared:
    """What is told of a task that waited for one that was cancelled by way of another."""

    __slots__ = ("site", "called", "words")

    def __init__(self, site, called, words):
        self.site, self.called, self.words = site, called, words


def note(state, task, site):
    """A task was cancelled. @param site: the program's line that cancels; 0: none"""
    callbacks = getattr(task, "_callbacks", None)
    if not callbacks or not hasattr(task, "cancelling"):
        return
    passers, others = [], []
    for callback, _ in callbacks:
        waiter = waiting_task(callback)
        if waiter is not None:
            (passers if waiter[1] else others).append(waiter[0])
    if not others:
        return
    called, how = running_limit()
    running = asyncio_waits.running_task() if called and not passers else None
    if running is not None and is_known(running):
        # Up to 3.11 `wait_for` itself cancels what it was given.
        passers.append(running)
    if not passers:
        return
    passer = passers[0]._simul
    if not called:
        called, how = limit_of(passers[0], passer)
    fn = "" if passer.coro is None else coroutine_name(None, passer.coro)[0]
    words = "%s|%s|%s" % (coroutine_name(None, state.coro)[0], fn, how)
    shared = Shared(passer.wait_site, called or site, words)
    for other in others:
        if other._simul.cancel is None:
            other._simul.cancel = shared


def waiting_task(callback):
    """The task that a callback of another's end makes go on, and whether it has been cancelled;
    None: it is none of the program's."""
    waiter = getattr(callback, "__self__", None)
    if asyncio_waits.is_task(waiter):
        return (waiter, waiter.cancelling() > 0) if is_known(waiter) else None
    if not getattr(callback, "__qualname__", "").endswith("gather.<locals>._done_callback"):
        return None
    # Who awaits the `gather` waits for it as well.
    names = callback.__code__.co_freevars
    outer = callback.__closure__[names.index("outer")].cell_contents if "outer" in names else None
    if outer is None:
        return None
    for inner, _ in outer._callbacks or ():
        waiter = getattr(inner, "__self__", None)
        if asyncio_waits.is_task(waiter) and is_known(waiter):
            return waiter, outer._cancel_requested or waiter.cancelling() > 0
    return None


def is_known(task):
    state = getattr(task, "_simul", None)
    return type(state) is asyncio_waits.task_state() and state.generation == agent.generation


def running_limit():
    """The same of a `wait_for` that is running."""
    frame = sys._getframe(1)
    while frame is not None and not sites.info_of(frame.f_code).is_edge:
        if frame.f_code.co_name == "wait_for" and sites.info_of(frame.f_code).is_library:
            user = sites.user_frame(frame)
            return (0, "") if user is None else (sites.line_site(user), "wait_for")
        frame = frame.f_back
    return (0, "")


def limit_of(task, state):
    """The line with the time limit that cancels a task, and what that is; (0, ""): it has none."""
    found = (0, "")
    coro = task.get_coro()
    frame = None
    while coro is not None:
        name, before = getattr(coro, "__qualname__", ""), frame
        frame = getattr(coro, "cr_frame", None)
        if name == "wait_for" and before is not None:
            found = (sites.line_site(before), "wait_for")
        coro = getattr(coro, "cr_await", None)
    if not found[0] and state.origin is not None:
        # Up to 3.11 `wait_for` makes a task of a coroutine.
        code, line = state.origin
        if "wait_for(" in sites.source_line(code.co_filename, line):
            found = (state.made, "wait_for")
    return found


def tell(state, task):
    """The task goes on, or has ended: nobody has cancelled it itself."""
    shared, state.cancel = state.cancel, None
    if type(shared) is Shared and task.cancelling() == 0:
        words = text(shared.words)
        emit(KINDS["fact"], kinds.FACTS["shared-cancel"], state.id, shared.site, words, shared.called)
