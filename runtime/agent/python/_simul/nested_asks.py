"""Threads that wait, when Ctrl-C comes, to enter what they are inside of already: a second connection
of a pool, the write side of a lock whose read side they have.

    def link(self):                                    the thread is inside this `with` …
        with self.lock.read():
            self.connect(first, second)
    def connect(self, first, second):
        with self.lock.write():                        … and waits to enter this one: the same object

No library has to be known: the objects are looked up in the frames that stand, by plain attributes,
which runs none of the program's code.
"""
from types import MemberDescriptorType, ModuleType

from _simul import kinds, sites
from _simul.source_notes import kind_of, tree_of, walk
from _simul.state import KINDS, emit, text

_MAX_USER_FRAMES = 40
_MAX_TOLD = 20
_TAKES = (
    *("acquire", "lock", "take", "connect", "checkout", "enter", "borrow", "reserve", "get", "begin"),
    *("lend", "claim", "rent", "alloc", "obtain", "lease"),
)
_TAKES_NOT = ("release", "unlock", "put", "exit")
_GIVES = ("release", "unlock", "put", "give", "return", "close", "free", "exit")
_WITHS = ("With", "AsyncWith")


class Ask:
    """A call `owner.method()` in a function: of a `with`, with the lines of its body, or by itself."""

    __slots__ = ("owner", "method", "line", "end", "first", "last", "words")

    def __init__(self, node, first=0, last=0):
        call = node.func if kind_of(node) == "Call" else None
        self.owner = chain_of(node if call is None else getattr(call, "value", None))
        self.method = "" if call is None else getattr(call, "attr", "")
        self.line, self.end = node.lineno, node.end_lineno
        #: Of the body; 0: it is no `with`.
        self.first, self.last = first, last
        dots = ".".join(self.owner)
        self.words = dots if call is None else "%s.%s()" % (dots, self.method)


def chain_of(node):
    """`self.pool` → ("self", "pool"); (): something else is called."""
    names = []
    while kind_of(node) == "Attribute":
        names.insert(0, node.attr)
        node = node.value
    return (node.id, *names) if kind_of(node) == "Name" else ()


def asks_of(code):
    tree = tree_of(code)
    found = []
    if tree is None:
        return found
    headers = set()
    for node in walk(tree):
        if kind_of(node) in _WITHS:
            for item in node.items:
                expression = item.context_expr
                headers.add(id(expression))
                if kind_of(expression) in ("Call", "Attribute", "Name"):
                    found.append(Ask(expression, node.body[0].lineno, node.end_lineno))
        for block in ("body", "orelse", "finalbody"):
            statements = getattr(node, block, None)
            if isinstance(statements, list):
                found.extend(taken_in(statements))
    for node in walk(tree):
        if kind_of(node) == "Call" and id(node) not in headers and is_taking(node):
            found.append(Ask(node))
    return [ask for ask in found if ask.owner]


def is_taking(call):
    name = getattr(call.func, "attr", "").lower()
    return any(word in name for word in _TAKES) and not any(word in name for word in _TAKES_NOT)


def taken_in(statements):
    """`conn = pool.get()` … `pool.put(conn)`, or `conn.close()`: what is taken in one statement and given
    back in a later one of the same block, in most cases the `finally` of a `try`."""
    for at, statement in enumerate(statements):
        if kind_of(statement) not in ("Expr", "Assign"):
            continue
        call = statement.value
        if kind_of(call) == "Await":
            call = call.value
        if kind_of(call) != "Call" or not is_taking(call):
            continue
        target = statement.targets[0] if kind_of(statement) == "Assign" else None
        owners = [chain_of(call.func.value)]
        if kind_of(target) in ("Name", "Attribute"):
            owners.append(chain_of(target))
        for later in statements[at + 1 :]:
            gives = later.finalbody if kind_of(later) == "Try" else [later]
            if any(gives_back(node, owners) for part in gives for node in walk(part)):
                last = gives[0].lineno - 1
                if last > call.end_lineno:
                    yield Ask(call, call.end_lineno + 1, last)
                break


def gives_back(node, owners):
    if kind_of(node) != "Call" or kind_of(node.func) != "Attribute":
        return False
    return any(word in node.func.attr.lower() for word in _GIVES) and chain_of(node.func.value) in owners


def value_of(frame, chain):
    """What a chain of names stands for in a frame; None: it is not known without running code."""
    value = frame.f_locals.get(chain[0], frame.f_globals.get(chain[0]))
    for name in chain[1:]:
        if value is None:
            return None
        value = attribute_of(value, name)
    return None if isinstance(value, (ModuleType, type)) else value


def attribute_of(value, name):
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        own = {}
    if type(own) is dict and name in own:
        return own[name]
    for cls in type(value).__mro__:
        if name in cls.__dict__:
            found = cls.__dict__[name]
            if type(found) is MemberDescriptorType:
                try:
                    return found.__get__(value)
                except AttributeError:
                    return None
            return None if hasattr(type(found), "__get__") else found
    return None


def note(threads):
    """@param threads: (name, frames, the innermost first, task) of each thread, and of each task of a loop"""
    known = {}
    stands = [stand_of(frames, known) + (task,) for _, frames, task in threads]
    told = 0
    for stand in stands:
        pair = next(pairs_of(stand), None)
        if pair is None or told == _MAX_TOLD:
            continue
        inner, outer = pair
        # Somebody else who is inside of it, and does not stand so, may let it go on.
        others = [each for each in stands if any(held[1] is inner[1] for held in each[0])]
        stuck = [each for each in others if any(pair[0][1] is inner[1] for pair in pairs_of(each))]
        if len(stuck) == len(others):
            told += 1
            tell(inner, outer, stand, len(stuck))


def pairs_of(stand):
    """What a thread waits to enter, and the same that it is inside of."""
    for inner in stand[1]:
        for outer in stand[0]:
            if outer[1] is inner[1] and fits(outer[0], inner[0]):
                yield inner, outer


def fits(outer, inner):
    """Of `self` itself only the same method tells that it is the same that is asked for."""
    return outer.method == inner.method or len(outer.owner) > 1


def stand_of(frames, known):
    """What a thread is inside of, and what it may wait to enter, as (ask, object, frame, line), and its
    innermost line of the program's."""
    users = [(frame, line) for frame, line in frames if sites.info_of(frame.f_code).is_user][:_MAX_USER_FRAMES]
    held, waited = [], []
    for frame, line in users:
        code = frame.f_code
        if code not in known:
            known[code] = asks_of(code)
        for ask in known[code]:
            is_within = ask.first > 0 and ask.first <= line <= ask.last
            if not is_within and not ask.line <= line <= ask.end:
                continue
            thing = value_of(frame, ask.owner)
            if thing is not None:
                (held if is_within else waited).append((ask, thing, frame, ask.line))
    return held, waited, users[0] if users else None


def tell(inner, outer, stand, count):
    names = [sites.function_name(each[2].f_code) for each in (inner, outer)]
    is_same = "same" if inner[0].method == outer[0].method else "other"
    parts = (inner[0].words, "%d" % inner[3], outer[0].words, *names, type(inner[1]).__name__, is_same)
    innermost, task = stand[2:]
    at = sites.write_line_site(innermost[0].f_code, innermost[1])
    called = sites.write_line_site(outer[2].f_code, outer[3])
    emit(KINDS["fact"], kinds.FACTS["asks-again"], task, at, text("|".join(parts)), called, count)
