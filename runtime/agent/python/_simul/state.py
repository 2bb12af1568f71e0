"""What the hooks share: the recorder, ids, and what each thread executes now."""
import sys
from _thread import _local, get_ident
from itertools import count

from _simul import kinds
from _simul.recorder import now, pack

KINDS = kinds.KINDS
_MAX_LANES = 0xFFFF
_FAULT_TEXT_BYTES = 300


class Agent:
    """The one agent of the process."""

    def __init__(self):
        self.out = None
        self.is_on = False
        #: How many forks lie behind the process: what an earlier one noted is another's.
        self.generation = 0
        self.reset_ids()

    def reset_ids(self):
        """Tasks and resources share one sequence of numbers, which are never reused."""
        self.next_id = count(1).__next__
        self.next_lane = count(0).__next__


agent = Agent()


class ThreadState(_local):
    """What the thread does now. `current`: the id of the task that it executes; 0: none."""

    def __init__(self):
        self.lane = min(agent.next_lane(), _MAX_LANES)
        self.os_thread = get_ident()
        self.current = 0
        #: The task to whose doing the running callback belongs, and the resource by which it came.
        self.cause = 0
        #: The thread's own activation, below all others; 0: it has none.
        self.body = 0
        #: The name of the task that is about to begin, where asyncio gives it only afterwards.
        self.task_name = None
        #: The executor that is being given a call, and the last call that one was given.
        self.executor = None
        self.last_job = 0
        #: For how long it had waited for a processor when that was last looked at, ns.
        self.delayed = 0
        #: When the thread's own code began, ns.
        self.began = 0
        #: The executor of processes that is being given a call.
        self.submitting = None
        #: What a thread of a ThreadPool works on; None: nothing.
        self.pool_work = None
        #: What a thread of anyio's works on; None: nothing.
        self.call = None
        #: The function and line of the call that a pool is being given.
        self.pool_call = None
        #: The attempt at a job of a queue that the thread makes; None: it makes none.
        self.attempt = None
        #: Who gives a job away now, until its queue has taken it.
        self.addition = None
        #: A wait of the thread is recorded: what it is made of is not told as well.
        self.is_waiting = False
        #: What a timer's function has of a loop, and its task, until the time is over.
        self.timer_bound = None
        #: How many bytes the thread has sent last to a pool.
        self.sent = 0
        #: Reason, site and target of that wait; None: it is none of the thread's own code.
        self.wait = None
        #: When the last wait of its own code was over, ns; 0: it has not waited.
        self.last = 0


S = ThreadState()


def emit(kind, flags, task=0, a=0, b=0, c=0, d=0, t=None):
    """Writes a record of the running thread's lane."""
    record = pack(now() if t is None else t, task, a, b, c, d, S.lane, flags, kind)
    try:
        agent.out.write(record)
    except ValueError:
        agent.out.roll(record)


def text(value):
    return agent.out.text(value)


def fault(error):
    """A fault of the agent's own: it says so in the recording and records nothing more. The program
    never sees it."""
    if not agent.is_on:
        return
    agent.is_on = False
    place = ""
    tb = error.__traceback__
    while tb is not None:
        name = tb.tb_frame.f_code.co_filename
        place = "%s:%d" % (name.rpartition("/")[2], tb.tb_lineno)
        tb = tb.tb_next
    words = "%s at %s: %s" % (type(error).__name__, place, error)
    number = text(words[:_FAULT_TEXT_BYTES])
    emit(KINDS["agent"], kinds.AGENT_NOTICES["fault"], 0, number, 0, 1)
    agent.out.switch_off()


def notice(words, kind="unseen"):
    """Something that the recording does not hold, and why."""
    emit(KINDS["agent"], kinds.AGENT_NOTICES[kind], 0, text(words), 0, 1)


#: What may go wrong in a hook. KeyboardInterrupt and what a signal handler raises are not its own:
#: they pass.
OWN_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    StopIteration,
    ReferenceError,
)


def guarded(hook):
    """A hook whose own errors stay in the recording."""

    def run(*args, **options):
        try:
            return hook(*args, **options)
        except OWN_ERRORS as error:
            fault(error)
            return None

    return run


def quiet(after):
    """An `after` hook that gives the function's value back whatever happens in it."""

    def run(state, value):
        try:
            return after(state, value)
        except (AttributeError, TypeError, ValueError, LookupError, RuntimeError) as error:
            fault(error)
            return value

    return run


def error_words(error):
    """An exception in words: its type, and its message where that runs none of the program's code."""
    kind = type(error)
    name = kind.__name__
    if kind.__str__ not in (BaseException.__str__, KeyError.__str__, OSError.__str__):
        return name
    if not all(type(arg) in (str, int, float, bool, type(None)) for arg in error.args):
        return name
    if not error.args:
        return name
    message = str(error)
    return "%s: %s" % (name, message[:200])


def shares_gil():
    is_enabled = getattr(sys, "_is_gil_enabled", None)
    return is_enabled is None or is_enabled()
