"""A thread that stands still in a call: a wait of its own code, or a hold of an event loop.

The thread's own body waits. A step of a task that does the same holds its loop: nothing else runs
there meanwhile, so it is no wait of the task but a `held`, with the call's name.
"""
import sys

from _simul import kinds, lifecycle, sites
from _simul.recorder import now
from _simul.stand_in import stand_in
from _simul.state import KINDS, S, agent, emit, text

_REASONS = kinds.REASONS
_KNOWN = kinds.WAKERS["known"]
_US = kinds.UNITS["us"]
_CALL = kinds.HOLDS["call"] << kinds.FLAGS["held"]["how"][0]
_MAX_US = 0xFFFFFFFF
#: A shorter one is none.
_MIN_US = 50


def begin_block(reason, target, name, is_own=False, site=None):
    """@returns what `end_block` takes; None: nothing is recorded

    @param is_own: the program itself asks. Within another wait that is its signal handler, which
      interrupts it; else a wait within a wait is what the outer one is made of.
    @param site: None: the program's line that is executed.
    """
    if not agent.is_on:
        return None
    number = S.current
    if number == 0:
        return None
    outer = None
    if S.is_waiting:
        outer = S.wait
        if not is_own or outer is None:
            return None
        emit(KINDS["run"], 0, number)
    S.is_waiting = True
    if site is None:
        site = sites.caller_site()
    if number == S.body:
        S.wait = wait = (_REASONS[reason], site, target)
        emit(KINDS["wait"], wait[0], number, site, target)
        return (number, 0, site, name, outer)
    S.wait = None
    return (number, now(), site, name, outer)


def end_block(block, waker=0, resource=0):
    if block is None:
        return
    number, since, site, name, outer = block
    S.is_waiting = outer is not None
    S.wait = outer
    if since == 0:
        lifecycle.note_interrupt()
        S.last = ended = now()
        emit(KINDS["run"], _KNOWN if waker else 0, number, waker, resource, 0, 0, ended)
        if outer is not None:
            # The handler is over, and what it interrupted goes on to wait.
            emit(KINDS["wait"], outer[0], number, outer[1], outer[2])
        return
    duration = min((now() - since) // 1000, _MAX_US)
    if duration >= _MIN_US:
        emit(KINDS["held"], _US | _CALL, number, duration, site, text(name), 0, since)
    lifecycle.note_interrupt()


def package_of(frame):
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def watch_sleep(time):
    """`time.sleep`, called by the program's own files."""
    plain = time.sleep
    timers = {}

    def sleep(_, *seconds, **options):
        info = sites.info_of(sys._getframe(1).f_code)
        # A package that sleeps in a task of an event loop holds that as well.
        is_seen = info.is_user or S.current != S.body
        if not is_seen or S.current == 0 or options:
            return plain(*seconds, **options)
        key = agent.generation
        if key not in timers:
            timers.clear()
            number = agent.next_id()
            flags = kinds.RESOURCE_KINDS["timer"]
            emit(KINDS["resourceBegin"], flags, S.current, number, 0, text("time.sleep"), 0)
            timers[key] = number
        name = "time.sleep" if info.is_user else "time.sleep of " + package_of(sys._getframe(1))
        block = begin_block("timer", timers[key], name)
        try:
            return plain(*seconds)
        finally:
            end_block(block, 0, timers[key])

    time.sleep = stand_in(plain, sleep, "time", "sleep")
