"""What a function changes in a process of its own, and its parent reads: each process has a copy, and
the parent's stays as it was.

    def count(text):                      pool.map(count, texts)
        totals[text] += 1                 print(totals)

It is read from the source: of the function, and of those that are running when the call is given. Of
things that processes share (multiprocessing's own) nothing is said.
"""
import sys
from types import FunctionType, MethodType, ModuleType

from _simul import kinds, sites
from _simul.order_notes import tree_or_file
from _simul.source_notes import CHANGES, FUNCTIONS, children, kind_of, name_of, tree_of, walk
from _simul.state import KINDS, S, emit, text

_MAX_CALLERS = 4
_MAX_KNOWN = 1000
_MAX_DEPTH = 2
_CONTAINERS = (list, dict, set)
#: By code: what it changes.
_changes = {}
#: By the code and line of a call: what was given there has been looked at.
_looked = set()


class Change:
    """`path`: how the function names what it changes, and `root` the name that begins with: a global
    or a parameter; `code` and `line` change it."""

    __slots__ = ("root", "path", "code", "line")

    def __init__(self, root, path, code, line):
        self.root, self.path, self.code, self.line = root, path, code, line


def note_given(fn, args, how):
    """A function is given to a process. @param args: what it is called with, as far as that is known"""
    if S.current == 0:
        return
    user = sites.user_frame(sys._getframe(2))
    fn, args = unwrapped(fn, tuple(args))
    function = getattr(fn, "__func__", fn)
    if user is None or type(function) is not FunctionType or not sites.info_of(function.__code__).is_user:
        return
    key = (user.f_code, user.f_lineno, function.__code__)
    if key in _looked or len(_looked) >= _MAX_KNOWN:
        return
    _looked.add(key)
    things = things_of(fn, function, args)
    reads = []
    for change in changes_of(function):
        thing = things[change.root] if change.root in things else function.__globals__.get(change.root)
        found = None if is_shared(thing) else read_of(user, function, change, thing)
        if found is not None:
            reads.append((*found, change))
    if reads:
        # The first line that reads any of it.
        _, line, _, frame, change = min(reads, key=lambda read: read[:3])
        site = sites.write_line_site(change.code, change.line)
        called = sites.write_line_site(frame.f_code, line)
        words = (change.path, sites.function_name(function.__code__), how, sites.function_name(frame.f_code))
        emit(KINDS["fact"], kinds.FACTS["own-copy"], S.current, site, text("|".join(words)), called)


def unwrapped(fn, args):
    for _ in range(4):
        inner = getattr(fn, "func", None)
        if inner is None:
            break
        args, fn = (*getattr(fn, "args", ()), *args), inner
    return fn, args


def things_of(fn, function, args):
    """By parameter: what it is."""
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    if type(fn) is MethodType:
        args = (fn.__self__, *args)
    things = dict.fromkeys(names)
    things.update(zip(names, args))
    return things


def is_shared(thing):
    """Of multiprocessing, or of a package, or nothing that can be changed: `None` is a parameter's."""
    kind = type(thing)
    if kind in _CONTAINERS or kind.__module__ == "collections":
        return False
    if kind in (int, float, str, bool):
        return False
    where = sys.modules.get(kind.__module__)
    path = getattr(where, "__file__", None)
    return path is None or not sites.is_user_file(path)


# ── what a function changes ────────────────────────────────────────────────────────────


def changes_of(function):
    known = _changes.get(function.__code__)
    if known is None:
        if len(_changes) >= _MAX_KNOWN:
            return ()
        known = _changes[function.__code__] = found_changes(function)
    return known


def found_changes(function, depth=0):
    code = function.__code__
    tree = tree_of(code)
    if tree is None:
        return []
    parameters = code.co_varnames[: code.co_argcount]
    assigned = {name for node in walk(tree) if kind_of(node) == "Global" for name in node.names}
    own = set(code.co_varnames) - set(parameters) | set(code.co_freevars) | set(code.co_cellvars)
    found = {}
    for node in walk(tree):
        for path in changed_paths(node):
            root = path.partition(".")[0]
            is_name = path == root and kind_of(node) in ("Assign", "AugAssign") and not is_item(node)
            if root in own or (is_name and root not in assigned):
                continue
            found.setdefault(path, Change(root, path, code, node.lineno))
        if kind_of(node) == "Call" and depth < _MAX_DEPTH:
            for path, line in inner_changes(function, node, depth):
                root = path.partition(".")[0]
                if root not in own:
                    found.setdefault(path, Change(root, path, code, line))
    # What is given back is put together by who asked.
    returned = [name_of(part) for node in walk(tree) if kind_of(node) == "Return" and node.value for part in walk(node.value)]
    return [each for each in found.values() if not any(name and each.path.startswith(name) for name in returned)]


def is_item(node):
    targets = node.targets if kind_of(node) == "Assign" else [node.target]
    return all(kind_of(target) in ("Subscript", "Attribute") for target in targets)


def changed_paths(node):
    """The names of what a node changes: `totals` of "totals[key] += 1", `self.sum` of "self.sum = 1"."""
    kind = kind_of(node)
    if kind in ("Assign", "AugAssign"):
        for target in node.targets if kind == "Assign" else [node.target]:
            while kind_of(target) == "Subscript":
                target = target.value
            if name_of(target):
                yield name_of(target)
    elif kind == "Call" and getattr(node.func, "attr", "") in CHANGES:
        value = node.func.value
        while kind_of(value) == "Subscript":
            value = value.value
        if name_of(value):
            yield name_of(value)


def inner_changes(function, node, depth):
    """What a call changes: of a function its globals, of a method its object's attributes."""
    name = name_of(node.func)
    target, _, method = name.rpartition(".")
    if not target:
        inner = function.__globals__.get(name)
        if type(inner) is FunctionType and inner.__globals__ is function.__globals__ and is_users(inner):
            names = inner.__code__.co_varnames[: inner.__code__.co_argcount]
            for change in found_changes(inner, depth + 1):
                if change.root not in names:
                    yield change.path, node.lineno
        return
    if target.partition(".")[0] in function.__code__.co_varnames:
        return
    thing = global_at(target, function.__globals__)
    inner = method_of(type(thing), method)
    if type(thing) is not ModuleType and type(inner) is FunctionType and is_users(inner):
        if any(change.path.startswith("self.") for change in found_changes(inner, depth + 1)):
            yield target, node.lineno


def is_users(function):
    return sites.info_of(function.__code__).is_user


def method_of(kind, name):
    for each in kind.__mro__:
        if name in each.__dict__:
            return each.__dict__[name]
    return None


def global_at(path, names):
    first, *rest = path.split(".")
    value = names.get(first)
    for part in rest:
        value = getattr(value, "__dict__", {}).get(part)
    return value


# ── and who reads it ───────────────────────────────────────────────────────────────────


def read_of(frame, function, change, thing):
    """How far out, the line, its column and the frame that reads behind the call what is changed; None:
    none does."""
    for depth in range(_MAX_CALLERS):
        if frame is None or frame.f_code is function.__code__:
            return None
        place = place_of_read(frame, path_in(frame, function, change, thing), thing)
        if place is not None:
            return (depth, *place, frame)
        frame = sites.user_frame(frame.f_back)
    return None


def place_of_read(frame, path, thing):
    tree = tree_or_file(frame.f_code) if path else None
    places = [
        (node.lineno, node.col_offset)
        for node in (() if tree is None else chains(tree))
        if node.lineno > frame.f_lineno and reads(node, path, thing, frame.f_globals)
    ]
    return min(places, default=None)


def chains(node):
    """Names and attributes that are read, each as a whole."""
    if kind_of(node) in ("Name", "Attribute"):
        if kind_of(node.ctx) == "Load" and name_of(node):
            yield node
            return
    for child in children(node):
        if kind_of(child) not in FUNCTIONS:
            yield from chains(child)


def reads(node, path, thing, names):
    name = name_of(node)
    if name == path or name.startswith(path + ".") or path.startswith(name + "."):
        return True
    first, _, rest = path.partition(".")
    before, _, method = name.rpartition(".")
    if before == first and rest:
        # A method of the object's that reads it.
        inner = method_of(type(thing), method)
        return type(inner) is FunctionType and is_users(inner) and has_read(inner, "self." + rest)
    inner = names.get(name) if not before else None
    # A function that reads the global.
    return type(inner) is FunctionType and inner.__globals__ is names and is_users(inner) and has_read(inner, path)


def has_read(function, path):
    tree = tree_of(function.__code__)
    return tree is not None and any(name_of(node) == path for node in chains(tree))


def path_in(frame, function, change, thing):
    """How the code of a frame names what was changed; '': it does not."""
    first, _, rest = change.path.partition(".")
    is_parameter = first in function.__code__.co_varnames
    if not is_parameter:
        is_same = frame.f_globals is function.__globals__ or frame.f_globals.get(first, frame) is thing
        is_own = frame.f_code.co_name != "<module>" and first in frame.f_code.co_varnames
        return change.path if is_same and not is_own else ""
    names = frame.f_locals
    for name in list(names):
        if names[name] is thing:
            return "%s.%s" % (name, rest) if rest else name
    return ""
