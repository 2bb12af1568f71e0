"""asyncio: what is known of a task. It hangs on the task, so it lives as long."""
import sys

from _simul import kinds, sites
from _simul.state import KINDS, agent, emit, text
from _simul.task_names import coroutine_name

TASK_KIND = kinds.ACTIVATION_KINDS["asyncio-task"]
READY = 1 << kinds.FLAGS["activationBegin"]["ready"][0]
_BEGUN = kinds.USES["begun"]


class TaskState:
    """What is known of a task. It is `task._simul`."""

    __slots__ = (
        *("id", "coro", "is_waiting", "resource", "canceller", "previous", "generation", "site", "lane"),
        *("made", "origin", "wait_site", "cancel", "call", "making", "turns", "turning", "cells"),
    )

    def __init__(self, number, coro, site):
        self.id = number
        self.coro = coro
        self.site = site
        self.lane = 0
        #: None: it has not waited yet.
        self.is_waiting = None
        #: What it waits for, a resource; 0: a task, or not known.
        self.resource = 0
        self.canceller = 0
        self.previous = 0
        self.generation = agent.generation
        #: The line that made it; 0: none of the program's.
        self.made = 0
        #: The same as code and line; None: none.
        self.origin = None
        self.wait_site = 0
        #: Where it waited when it was cancelled, who did it, and what it waited in; None: nobody has.
        self.cancel = None
        #: What an outer function of its awaits in a loop; None: nothing.
        self.call = None
        #: What it looked for in vain and makes now (asyncio_makings.py); None: nothing.
        self.making = None
        #: How many turns it has given away at one line, one after the other, and when that was last
        #: looked at, ns (busy_waits.py).
        self.turns = self.turning = 0
        #: Shared values that it has read or set before an await (asyncio_cells.py); None: none.
        self.cells = None


def state_of(task):
    """The state of a task, which begins now if the agent has not seen it begin."""
    state = getattr(task, "_simul", None)
    if type(state) is TaskState and state.generation == agent.generation:
        return state
    # Made before the agent looked, by a task factory of a library, or before a fork.
    state = begin_task(task, task.get_coro(), 0, READY)
    return state


def begin_task(task, coro, parent, ready):
    number = agent.next_id()
    name, site = coroutine_name(task, coro)
    state = TaskState(number, coro, site)
    emit(KINDS["activationBegin"], TASK_KIND | ready, number, parent, site, text(name), 0)
    if task is not None:
        task._simul = state
    note_begun(state)
    return state


def note_begun(state):
    frame = sites.user_frame(sys._getframe(1))
    made = 0
    if frame is not None:
        made = state.made = sites.line_site(frame)
        state.origin = (frame.f_code, frame.f_lineno)
    if made != 0:
        emit(KINDS["use"], _BEGUN, state.id, 0, made)
