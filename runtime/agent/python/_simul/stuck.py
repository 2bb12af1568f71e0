"""What stood still when Ctrl-C came, and what for: looked at then, and at no other time.

It raises KeyboardInterrupt in the main thread, where that stands. The frames of its traceback, and
those of the other threads, are as they were.
"""
import sys

from _simul import kinds, nested_asks, sites
from _simul.lifecycle import thread_times
from _simul.recorder import now
from _simul.resources import begin_resource
from _simul.state import KINDS, S, agent, emit

_UNSEEN = kinds.RESOURCE_KINDS["stream"]
#: Who was off the processor for so long stood still.
_MIN_STILL_NS = 1_000_000_000
_MIN_STILL_SHARE = 0.5
_MAX_FRAMES = 200
_MAX_TASKS = 1000


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
    threads = list(all_frames(frames))
    servers = sys.modules.get("_simul.server_hooks")
    if servers is not None:
        servers.note_busy(threads)
    nested_asks.note(threads + list(task_frames()))


def all_frames(own):
    """(name, frames as `own_frames` gives them, task) of each thread. 0: of a pool's thread the task is
    not known."""
    threads = getattr(sys.modules.get("threading"), "_active", {})
    yield "main", own, S.body
    for number, frame in list(sys._current_frames().items()):
        if number == S.os_thread:
            continue
        frames = []
        while frame is not None and len(frames) < _MAX_FRAMES:
            frames.append((frame, frame.f_lineno))
            frame = frame.f_back
        thread = threads.get(number)
        name = "a thread" if thread is None else str(thread._name)
        yield name, frames, getattr(thread, "_simul_task", 0)


def task_frames():
    """The same of the tasks of the loop that runs in this thread."""
    asyncio = sys.modules.get("asyncio")
    loop = None if asyncio is None else asyncio._get_running_loop()
    for task in [] if loop is None else list(asyncio.all_tasks(loop))[:_MAX_TASKS]:
        state = getattr(task, "_simul", None)
        coro, frames = task.get_coro(), []
        while coro is not None and len(frames) < _MAX_FRAMES:
            frame = getattr(coro, "cr_frame", None)
            if frame is not None:
                frames.insert(0, (frame, frame.f_lineno))
            coro = getattr(coro, "cr_await", None)
        if getattr(state, "generation", -1) == agent.generation:
            yield "a task", frames, state.id


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
