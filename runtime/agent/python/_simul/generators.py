"""Generators of the program's own files, where the person asked to see them (`--generators`): each
`next`, `send`, `throw` and `close`, each `yield` with the type of its value, and how it ended.

From Python 3.12 on the interpreter tells of these code objects alone (`sys.monitoring`); all other
code is told of once and never again. Before 3.12 a profile function sees every call of the program,
which is slower, and it cannot tell an error from a `close`: then no outcome is claimed, and a
generator that is closed where nothing catches counts as resting there.
"""
import os
import sys

from _simul import kinds, sites
from _simul.state import KINDS, OWN_ERRORS, S, agent, emit, error_words, fault, notice, text

_GENERATOR = kinds.ACTIVATION_KINDS["generator"]
_CONSUMER = kinds.REASONS["consumer"]
_KNOWN = kinds.WAKERS["known"]
_OUTCOMES = kinds.OUTCOMES
#: Flags of code objects: a generator; of its kin those that asyncio drives.
_IS_GENERATOR, _IS_OTHER = 0x20, 0x80 | 0x100 | 0x200
#: Tool ids that no well-known tool takes; 0 to 2 and 5 are the debugger's, coverage's and profilers'.
_TOOL_IDS = (3, 4)
_MAX_OPEN = 100_000

#: By the id of a generator's frame: its activation. It is taken out when the frame ends.
_open = {}


class _Generator:
    __slots__ = ("id", "generation", "previous", "is_closed")

    def __init__(self, number):
        self.id = number
        self.generation = agent.generation
        #: The thread's state below it while it runs; None: it rests.
        self.previous = None
        self.is_closed = False


def is_seen(code):
    flags = code.co_flags
    return flags & _IS_GENERATOR and not flags & _IS_OTHER and sites.info_of(code).is_user


def state_of(frame):
    known = _open.get(id(frame))
    return known if known is not None and known.generation == agent.generation else None


def enter(generator):
    generator.previous = (S.current, S.body)
    if S.current == S.body:
        # On a thread's own code; within a task's step the task is who waits.
        S.body = generator.id
    S.current = generator.id


def leave(generator):
    if generator.previous is not None:
        S.current, S.body = generator.previous
        generator.previous = None


def begin(frame):
    if len(_open) >= _MAX_OPEN or S.current == 0 and S.body == 0:
        return
    code = frame.f_code
    let_go = state_of(frame)
    if let_go is not None:
        # It was let go of at a `yield`, where nothing catches, and its frame's place is another's.
        emit(KINDS["activationEnd"], 0, let_go.id)
    generator = _open[id(frame)] = _Generator(agent.next_id())
    site, name = sites.function_site(code), text(sites.function_name(code)[:200])
    emit(KINDS["activationBegin"], _GENERATOR, generator.id, S.current, site, name, 0)
    enter(generator)


def resume(frame, error=None):
    generator = state_of(frame)
    if generator is None or generator.previous is not None:
        return
    by = S.current
    kind = 0
    if isinstance(error, GeneratorExit):
        generator.is_closed = True
        emit(KINDS["cancel"], 0, generator.id, by, sites.caller_site(), text("closed"))
    elif error is not None:
        kind = text(type(error).__name__)
    emit(KINDS["run"], _KNOWN if by else 0, generator.id, by, 0, kind)
    enter(generator)


def rest(frame, value):
    generator = state_of(frame)
    if generator is None or generator.previous is None:
        return
    kind = text(type(value).__qualname__[:80])
    emit(KINDS["wait"], _CONSUMER, generator.id, sites.line_site(frame), generator.previous[0], kind)
    leave(generator)


def end(frame, outcome, error=None):
    generator = _open.pop(id(frame), None)
    if generator is None or generator.generation != agent.generation:
        return
    if generator.is_closed and outcome != _OUTCOMES["ok"]:
        outcome, error = _OUTCOMES["cancelled"], None
    words = 0 if error is None else text(error_words(error))
    emit(KINDS["activationEnd"], outcome, generator.id, words)
    leave(generator)


def after_fork():
    """What began before the fork is told in the parent's part."""
    _open.clear()


def quiet(callback):
    """A fault of ours stays in the recording; what it returns says whether more is wanted."""

    def run(*args):
        try:
            return callback(*args) if agent.is_on else None
        except OWN_ERRORS as error:
            fault(error)
            return None

    return run


def watch():
    os.register_at_fork(after_in_child=after_fork)
    if hasattr(sys, "monitoring"):
        watch_events(sys.monitoring)
    else:
        watch_calls()


# ── from 3.12 on ───────────────────────────────────────────────────────────────────────


def watch_events(monitoring):
    for tool in _TOOL_IDS:
        if monitoring.get_tool(tool) is None:
            break
    else:
        notice("generators are not seen: other tools have the numbers 3 and 4 of sys.monitoring")
        return
    monitoring.use_tool_id(tool, "simul")
    events = monitoring.events
    local = events.PY_START | events.PY_RESUME | events.PY_YIELD | events.PY_RETURN
    disable = monitoring.DISABLE
    seen = set()

    def started(code, offset):
        if not is_seen(code):
            return disable
        if code not in seen:
            seen.add(code)
            monitoring.set_local_events(tool, code, local)
        begin(sys._getframe(2))

    # These two are told of all code or of none: a look at the code object comes first.
    def thrown(code, offset, error):
        if code in seen:
            resume(sys._getframe(2), error)

    def unwound(code, offset, error):
        if code in seen:
            end(sys._getframe(2), _OUTCOMES["error"], error)

    callbacks = {
        events.PY_START: started,
        events.PY_RESUME: lambda code, offset: resume(sys._getframe(2)),
        events.PY_YIELD: lambda code, offset, value: rest(sys._getframe(2), value),
        events.PY_RETURN: lambda code, offset, value: end(sys._getframe(2), _OUTCOMES["ok"]),
        events.PY_THROW: thrown,
        events.PY_UNWIND: unwound,
    }
    for event, callback in callbacks.items():
        monitoring.register_callback(tool, event, quiet(callback))
    monitoring.set_events(tool, events.PY_START | events.PY_THROW | events.PY_UNWIND)


# ── before 3.12 ────────────────────────────────────────────────────────────────────────


def watch_calls():
    import opcode

    number = opcode.opmap.get
    yields = (number("YIELD_VALUE"), number("SEND"))
    returns, resumes, delegates = number("RETURN_VALUE"), number("RESUME"), number("YIELD_FROM")

    def is_at_start(frame):
        at = frame.f_lasti
        return at < 0 or (frame.f_code.co_code[at] == resumes and frame.f_code.co_code[at + 1] == 0)

    def is_at_yield(code, at):
        # Before 3.11 one that delegates rests before the instruction, which it then does again.
        return code[at] in yields or (at + 2 < len(code) and delegates == code[at + 2])

    def profile(frame, event, value):
        if event == "call":
            if is_seen(frame.f_code):
                (begin if is_at_start(frame) else resume)(frame)
        elif event == "return" and id(frame) in _open and is_seen(frame.f_code):
            code, at = frame.f_code.co_code, frame.f_lasti
            if is_at_yield(code, at):
                rest(frame, value)
            else:
                end(frame, _OUTCOMES["ok"] if code[at] == returns else 0)

    profile = quiet(profile)
    sys.setprofile(profile)
    import threading

    threading.setprofile(profile)
