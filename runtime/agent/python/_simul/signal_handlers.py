"""Handlers of signals that the program puts in by `signal.signal`: they run within whatever the main
thread does. Where that is the sleep of an event loop, what they make ready does not wake it.
"""
import sys

from _simul import asyncio_waits, kinds, sites
from _simul.callback_errors import code_of
from _simul.state import KINDS, agent, emit, guarded, text
from _simul.threading_hooks import put_in

_MAX_PLACES = 100
_MAX_FRAMES = 40
#: By the code of a handler: where it was put in.
places = {}


def before_signal(number, handler):
    if not callable(handler):
        return
    code = code_of(handler)
    frame = sites.user_frame(sys._getframe(1))
    if code is not None and frame is not None and sites.info_of(code).is_user and len(places) < _MAX_PLACES:
        places[code] = (frame.f_code, frame.f_lineno)


@guarded
def note_not_woken(callback):
    """Called by `call_soon` where no task runs. `call_soon_threadsafe` wakes the loop."""
    frame, handler, is_soon = sys._getframe(2), None, False
    for _ in range(_MAX_FRAMES):
        if frame is None or sites.info_of(frame.f_code).is_edge:
            return
        name = frame.f_code.co_name
        if name == "call_soon_threadsafe":
            return
        is_soon = is_soon or name == "call_soon"
        if frame.f_code in places:
            handler = frame
        elif name == "select" and handler is not None and frame.f_code.co_filename.endswith("selectors.py"):
            break
        frame = frame.f_back
    else:
        return
    state = getattr(getattr(callback, "__self__", None), "_simul", None)
    if not is_soon or type(state) is not asyncio_waits.task_state() or state.generation != agent.generation:
        return
    code = handler.f_code
    called = sites.write_line_site(*places[code])
    words = text(sites.function_name(code))
    emit(KINDS["fact"], kinds.FACTS["not-woken"], state.id, sites.line_site(handler), words, called)


def install(signal):
    put_in("signal", [(signal, "signal", guarded(before_signal), None, None)])
