"""What stood still when Ctrl-C came, and what for: looked at then, and at no other time.

It raises KeyboardInterrupt in the main thread, where that stands. The frames of its traceback, and
those of the other threads, are as they were.
"""
import sys

from _simul import kinds, sites
from _simul.lifecycle import thread_times
from _simul.recorder import now
from _simul.resources import begin_resource
from _simul.state import KINDS, S, agent, emit

_UNSEEN = kinds.RESOURCE_KINDS["foreign"]
#: Who was off the processor for so long stood still.
_MIN_STILL_NS = 1_000_000_000
_MIN_STILL_SHARE = 0.5


def note(error, is_seen):
    """Facts about the threads, written before the interrupt is.

    @param is_seen: the main thread stood in a wait that is recorded
    """
    frames = own_frames(error)
    if not is_seen and S.current == S.body != 0:
        note_standing(frames)
    pipes = sys.modules.get("_simul.child_pipes")
    if pipes is not None:
        pipes.note_all_full()


def own_frames(error):
    """(frame, line) of the main thread when the interrupt came, the innermost first."""
    frames, seen = [], set()
    # From 3.11 on asyncio takes the interrupt itself, and nothing is raised yet.
    entry = getattr(error, "__traceback__", None)
    while entry is not None:
        frames.insert(0, (entry.tb_frame, entry.tb_lineno))
        seen.add(id(entry.tb_frame))
        entry = entry.tb_next
    frame = frames[-1][0].f_back if frames else sys._getframe(2)
    while frame is not None:
        if id(frame) not in seen:
            frames.append((frame, frame.f_lineno))
        frame = frame.f_back
    return frames


def note_standing(frames):
    """The thread's own code stood in a call that no hook sees, as far as it had no processor."""
    times = thread_times()
    since = S.last or agent.out.start_ns
    until = now()
    place = next(((f, line) for f, line in frames if sites.info_of(f.f_code).is_user), None)
    if times is None or place is None:
        return
    # All that the thread ever ran may have been since then.
    still = until - since - times[0] - times[1]
    site = sites.write_line_site(place[0].f_code, place[1])
    if still < _MIN_STILL_NS or still < (until - since) * _MIN_STILL_SHARE:
        emit(KINDS["fact"], kinds.FACTS["stood-at"], S.current, site)
        return
    began = until - still
    target = agent.next_id()
    name = agent.out.text("a call that is not seen into")
    emit(KINDS["resourceBegin"], _UNSEEN, S.current, target, 0, name, 0, began)
    emit(KINDS["wait"], 0, S.current, site, target, 0, 0, began)
