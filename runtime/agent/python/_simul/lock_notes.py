"""Locks that a function makes for itself at each call, and that nobody else can get hold of:

    async with asyncio.Lock():            lock = threading.Lock()
        …                                 with lock:
                                              …

They make nobody wait. Where one is made is read from the source, once; that several calls were inside
at once is seen.
"""
import sys
import weakref

from _simul import kinds, sites
from _simul.source_notes import every_node, kind_of, name_of, tree_of, walk
from _simul.state import KINDS, S, emit, text

_USES = ("acquire", "release", "locked")
#: By the code and line that make one: its class, and those that are in use; None: others may get it.
_makers = {}
_MAX_MAKERS = 1000
_MAX_KEPT = 200
_OPTIMIZED = 1


class Maker:
    __slots__ = ("site", "words", "made", "most")

    def __init__(self, site, words):
        self.site, self.words = site, words
        self.made = []
        self.most = 0


def note_made(lock, permits=1):
    """A lock or semaphore was made by the line of the program that is executed."""
    frame = sites.user_frame(sys._getframe(1))
    if frame is None or not frame.f_code.co_flags & _OPTIMIZED:
        return
    key = (frame.f_code, frame.f_lineno)
    maker = _makers.get(key, ())
    if maker == ():
        if len(_makers) >= _MAX_MAKERS:
            return
        kind = private_lock(*key)
        maker = None
        if kind:
            words = "%s|%s" % (kind, sites.function_name(frame.f_code))
            maker = Maker(sites.line_site(frame), words)
        _makers[key] = maker
    if maker is None:
        return
    maker.made = [each for each in maker.made if is_held(each)][-_MAX_KEPT:]
    # The last one is this call's, or was let go of.
    inside = sum(each[2] != S.current for each in maker.made) + 1
    if inside > max(1, maker.most):
        maker.most = inside
        emit(KINDS["fact"], kinds.FACTS["private-lock"], S.current, maker.site, text(maker.words), 0, inside)
    maker.made.append((weakref.ref(lock), permits, S.current))


def is_held(made):
    lock = made[0]()
    if lock is None:
        return False
    left = getattr(lock, "_value", None)
    if left is not None:
        return left < made[1]
    depth = getattr(lock, "_depth", None)
    return depth > 0 if depth is not None else lock.locked()


def private_lock(code, line):
    """The class of the lock that a line makes for this call alone; '': others may get it."""
    tree = tree_of(code)
    if tree is None:
        return ""
    for node in walk(tree):
        if kind_of(node) in ("With", "AsyncWith"):
            for item in node.items:
                if kind_of(item.context_expr) == "Call" and item.context_expr.lineno == line:
                    return lock_class(item.context_expr)
        elif kind_of(node) == "Assign" and node.lineno == line and len(node.targets) == 1:
            target = node.targets[0]
            if kind_of(target) == "Name" and kind_of(node.value) == "Call" and is_alone(tree, target.id):
                return lock_class(node.value)
    return ""


def lock_class(call):
    name = name_of(call.func).rpartition(".")[2]
    return name if name in ("Lock", "RLock", "Semaphore", "BoundedSemaphore") else ""


def is_alone(tree, name):
    """Whether a name of the function's is only assigned, entered, acquired and released in it."""
    known = set()
    for node in walk(tree):
        if kind_of(node) in ("Global", "Nonlocal") and name in node.names:
            return False
        if kind_of(node) in ("With", "AsyncWith"):
            known |= {id(item.context_expr) for item in node.items}
        elif kind_of(node) == "Attribute" and node.attr in _USES:
            known.add(id(node.value))
        elif kind_of(node) == "Assign":
            known |= {id(target) for target in node.targets}
    # In functions within it, too: what they see is shared by who runs them.
    return all(id(node) in known for node in every_node(tree) if kind_of(node) == "Name" and node.id == name)

