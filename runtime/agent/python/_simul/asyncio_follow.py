"""What becomes of what asyncio was asked for: cancellations, stopped loops, bytes that nobody drains,
output of a child that nobody reads, coroutines handed over from threads.
"""
import sys

from _simul import asyncio_shared, asyncio_waits, kinds, resources, sites, source_notes
from _simul.state import KINDS, S, emit, guarded, quiet, text
from _simul.threading_hooks import mean

_FACTS = kinds.FACTS
_MIN_UNSENT_BYTES = 1 << 20
#: One large write may well be waited for afterwards.
_MIN_WRITES = 8


def note(what, task, site, words="", called=0, amount=0):
    emit(KINDS["fact"], _FACTS[what], task, site, text(words), called, amount)


# ── cancellation ───────────────────────────────────────────────────────────────────────


def begin_cancel(state, task, site):
    """A task that waits was cancelled by the program's line `site`."""
    # Of a coroutine of a library's all waits are told of one place.
    if site != 0 and state.wait_site not in (0, state.site) and is_asked_by_program():
        inner = getattr(state.coro, "cr_await", None)
        state.cancel = (state.wait_site, site, "wait_for" if is_in_wait_for(inner) else "")


def is_asked_by_program():
    """By its own line or through asyncio: a library with scopes of its own takes its cancellations
    back."""
    frame = sys._getframe(1)
    while frame is not None and sites.info_of(frame.f_code).is_library:
        frame = frame.f_back
    return frame is not None and sites.info_of(frame.f_code).is_user


def is_in_wait_for(coro):
    for _ in range(50):
        if coro is None:
            return False
        if getattr(coro, "__qualname__", "") == "wait_for":
            return True
        coro = getattr(coro, "cr_await", None)
    return False


def follow_cancel(state, task, site):
    """The task has gone on since, and waits at `site`."""
    if type(state.cancel) is asyncio_shared.Shared:
        asyncio_shared.tell(state, task)
        return
    waited_at, by, name = state.cancel
    cancelling = getattr(task, "cancelling", None)
    if cancelling is not None and cancelling() == 0:
        # It was a time limit's, which took it back.
        state.cancel = None
    elif site == waited_at:
        state.cancel = None
        note("swallowed-cancel", state.id, site, name, by)


def note_never_begun(state):
    """Cancelled before its first step: nothing of its coroutine ran, its `finally` neither."""
    code = getattr(state.coro, "cr_code", None)
    if code is None or not sites.info_of(code).is_user:
        return
    found = source_notes.cleanup_of(code)
    if found is not None:
        line, parameter = found
        note("never-begun", state.id, state.made, parameter, sites.write_line_site(code, line))


# ── async generators ───────────────────────────────────────────────────────────────────


def note_left_open(state, site):
    """The task waits for what an async generator has that rests at a `yield`."""
    resource = asyncio_waits.held_by_generators.pop()
    generator = resource.generator()
    if generator is None or generator.ag_frame is None or generator.ag_running:
        return
    name = ""
    coro = state.coro
    while coro is not None and not name:
        frame = getattr(coro, "cr_frame", None)
        if frame is not None and sites.info_of(frame.f_code).is_user:
            found = [key for key, value in frame.f_locals.items() if value is generator]
            name = found[0] if found else ""
        coro = getattr(coro, "cr_await", None)
    words = "%s|%s|%s" % (name, sites.function_name(generator.ag_code), resource.name)
    note("left-open", state.id, site, words)


# ── loops ──────────────────────────────────────────────────────────────────────────────


def before_add_signal_handler(loop, sig, callback, *args):
    known = loop.__dict__.setdefault("_simul_signals", {})
    known[int(sig)] = sites.caller_site()


def before_stop(loop):
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_name != "stop":
        frame = frame.f_back
    if frame is None or frame.f_back is None or frame.f_back.f_code.co_name == "_run_until_complete_cb":
        return
    site = sites.caller_site()
    if site != 0:
        note("loop-stopped", S.current, site)
        return
    handle = frame.f_back.f_locals.get("self")
    for sig, known in getattr(loop, "_signal_handlers", {}).items():
        if known is handle:
            import signal

            site = loop.__dict__.get("_simul_signals", {}).get(int(sig), 0)
            note("loop-stopped", 0, site, signal.Signals(sig).name)


def before_executor_end(loop, *_, **__):
    """`asyncio.run` waits for the calls of its executor: the program's own code is over."""
    executor = loop._default_executor
    if executor is None:
        return
    frame = sys._getframe(1)
    while frame is not None and not sites.info_of(frame.f_code).is_user:
        frame = frame.f_back
    note("main-ended", 0, 0 if frame is None else sites.line_site(frame))


class LoopFuture(resources.Resource):
    """What a thread gets for a coroutine that it hands to a loop."""

    __slots__ = ("loop",)


def before_threadsafe(coro, loop):
    return (getattr(coro, "__qualname__", type(coro).__qualname__).rpartition("<locals>.")[2], loop)


def after_threadsafe(state, future):
    name, loop = state
    site = sites.caller_site()
    number = resources.begin_resource(kinds.RESOURCE_KINDS["future"], name, site)
    resource = LoopFuture(number, name, site)
    resource.loop = loop
    mean(future._condition, "future", resource, "Future.result")
    # Its error is told when nobody has asked for it.
    future._simul_handed = site
    future._simul_asked = False
    return future


# ── streams ────────────────────────────────────────────────────────────────────────────


def after_write(writer, value):
    """Bytes that nobody waits for pile up in the transport."""
    unsent = writer.__dict__.get("_simul_unsent")
    if unsent is None:
        unsent = writer._simul_unsent = [0, _MIN_UNSENT_BYTES]
    unsent[0] += 1
    if unsent[0] >= _MIN_WRITES:
        size = writer._transport.get_write_buffer_size()
        if size >= unsent[1]:
            unsent[1] = size * 2
            note("growth", S.current, sites.caller_site(), "bytes without drain()", 0, size)
    return value


def before_drain(writer):
    unsent = writer.__dict__.get("_simul_unsent")
    if unsent is not None:
        unsent[0] = 0


def after_feed(reader):
    """A reader that has taken as much as it may from a child, and nobody asks it."""
    if reader is None or not reader._paused or reader._waiter is not None:
        return
    pipe = getattr(reader._transport, "_protocol", None)
    child = getattr(pipe, "proc", None)
    if child is not None:
        what = {1: "stdout", 2: "stderr"}.get(pipe.fd, "output")
        words = "the child process %d with a full %s that nobody reads" % (child.get_pid(), what)
        note("keeps-alive", 0, 0, words)


def itself(thing, *_, **__):
    return thing


def rows(asyncio):
    """Owner, name, before, after, finish: what is spliced."""
    unix = sys.modules.get("asyncio.unix_events")
    selector = getattr(unix, "_UnixSelectorEventLoop", None)
    streams = asyncio.streams
    return [
        (selector, "add_signal_handler", guarded(before_add_signal_handler), None, None),
        (asyncio.base_events.BaseEventLoop, "stop", guarded(before_stop), None, None),
        (
            asyncio.base_events.BaseEventLoop,
            "shutdown_default_executor",
            guarded(before_executor_end),
            None,
            None,
        ),
        (asyncio.tasks, "run_coroutine_threadsafe", before_threadsafe, quiet(after_threadsafe), None),
        (streams.StreamWriter, "write", itself, quiet(after_write), None),
        (streams.StreamWriter, "writelines", itself, quiet(after_write), None),
        (streams.StreamWriter, "drain", guarded(before_drain), None, None),
        (streams.StreamReader, "feed_data", itself, None, guarded(after_feed)),
    ]
