"""Queues, locks, groups and what else is waited for: each begins once, where the program makes it, or when
it is first met.
"""
import sys

from _simul import kinds, sites
from _simul.state import KINDS, S, agent, emit, text

_BOUNDED = 1 << kinds.FLAGS["resourceBegin"]["bounded"][0]
#: Its methods make what the program asks for: `multiprocessing.Queue()`.
_FACTORIES = "multiprocessing/context.py"


class Resource:
    """Stands for a queue, lock or the like; it hangs on it as `_simul`."""

    __slots__ = ("id", "generation", "by", "name", "site", "generator", "takers")

    def __init__(self, number, name="", site=0):
        self.id = number
        self.name = name
        self.site = site
        self.generation = agent.generation
        #: Who put, released or set last.
        self.by = 0
        #: A weak reference to the async generator that has it; None: none has.
        self.generator = None
        #: Of a queue (lent_items.py): the line of who took an item and put none back, by task.
        self.takers = {}


def begin_resource(kind, name, site=0, capacity=None):
    number = agent.next_id()
    flags = kind if capacity is None else kind | _BOUNDED
    emit(KINDS["resourceBegin"], flags, S.current, number, site, text(name[:200]), capacity or 0)
    return number


def note_made(thing, kind, capacity=None):
    """Of a queue or lock that is being made: one that the library makes for itself is none."""
    frame = sys._getframe(1)
    while frame is not None and not is_init_of(frame, thing):
        frame = frame.f_back
    while frame is not None and (is_init_of(frame, thing) or frame.f_code.co_filename.endswith(_FACTORIES)):
        frame = frame.f_back
    if frame is not None and not sites.info_of(frame.f_code).is_library:
        note_resource(thing, kind, capacity)


def is_init_of(frame, thing):
    code = frame.f_code
    if code.co_name != "__init__" or code.co_argcount == 0:
        return False
    return frame.f_locals.get(code.co_varnames[0]) is thing


def note_resource(thing, kind, capacity=None, name=""):
    """A queue or lock begins, in the program's line that is executed; or was there already."""
    frame = sites.user_frame(sys._getframe(1))
    if not name and frame is not None:
        name = sites.assigned_name(frame)
    site = sites.line_site(frame) if frame is not None else 0
    if not name:
        name = type(thing).__name__.replace("_TracedRLock", "RLock").replace("_TracedLock", "Lock")
    number = begin_resource(kind, name, site, capacity)
    resource = Resource(number, name, site)
    try:
        thing._simul = resource
    except AttributeError:
        return resource
    return resource


def resource_of(thing, kind=0, capacity=None):
    resource = getattr(thing, "_simul", None)
    if type(resource) is Resource and resource.generation == agent.generation:
        return resource
    # Before a fork it had a name.
    return note_resource(thing, kind, capacity, getattr(resource, "name", ""))
