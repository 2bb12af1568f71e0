"""Callbacks of futures and handlers of servers that fail: the library logs the error and goes on, and
what the callback was to do is not done.
"""
import sys

from _simul import kinds, lifecycle, sites
from _simul.state import KINDS, S, agent, emit, error_words, guarded, text

_MAX_NAMES = 24
_MAX_PLACES = 100


def code_of(function):
    for _ in range(4):
        function = getattr(function, "func", function)
    return getattr(getattr(function, "__func__", function), "__code__", None)


def note_added(future, function):
    """Where a callback was added, by its code."""
    code = code_of(function)
    if code is None or not sites.info_of(code).is_user:
        return
    places = future.__dict__.setdefault("_simul_added", {})
    frame = sites.user_frame(sys._getframe(1))
    if frame is not None and len(places) < _MAX_PLACES:
        places[code] = (agent.generation, sites.line_site(frame))


@guarded
def note_failed(future):
    """Within the `except` of the library."""
    error = sys.exc_info()[1]
    if future is None or error is None or error.__traceback__ is None:
        return
    entry = error.__traceback__.tb_next
    code = None if entry is None else entry.tb_frame.f_code
    generation, added = future.__dict__.get("_simul_added", {}).get(code, (0, 0))
    if code is None or not sites.info_of(code).is_user:
        return
    tell(error, code, "done callback", "concurrent.futures", added if generation == agent.generation else 0)


def tell(error, code, what, library, called=0):
    site = lifecycle.failure_site(error.__traceback__)
    # What it would have gone on to touch: an event that it sets has one of these names.
    names = ",".join(code.co_names[:_MAX_NAMES])
    words = text("|".join((error_words(error).replace("|", " "), sites.function_name(code), what, library, names)))
    emit(KINDS["fact"], kinds.FACTS["callback-failed"], S.current, site, words, called)
