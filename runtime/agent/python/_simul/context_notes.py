"""Values of ContextVars that a function reads in another thread, where they are not: `submit` and
`run_in_executor` do not carry the context over, nor does a thread that is started.

    user.set("ada")
    await loop.run_in_executor(None, book)        book reads `user`, and gets its default

Which variables a function reads is taken from its source and from that of the functions it calls.
That they are set where the call is given, and not in the thread, is looked up there.
"""
import sys
from contextvars import Context, ContextVar, copy_context
from types import FunctionType, MethodType, ModuleType

from _simul import kinds, sites
from _simul.source_notes import kind_of, name_of, tree_of, walk
from _simul.splice import NotSpliced, function_source
from _simul.state import KINDS, emit, text

_MAX_DEPTH = 3
_MAX_FUNCTIONS = 50
_MAX_KNOWN = 1000
_MAX_CALLERS = 20
_PLAIN = (str, int, float, bool, bytes, type(None), tuple, frozenset)
#: By code: what it reads; empty: nothing.
_known = {}


class Read:
    """`name` of a variable, which `code` reads at `line`."""

    __slots__ = ("variable", "name", "code", "line")

    def __init__(self, variable, name, code, line):
        self.variable, self.name, self.code, self.line = variable, name, code, line


class NotCarried:
    """What is told when the call runs, if its thread has no value either."""

    __slots__ = ("read", "site", "setter", "how")

    def __init__(self, read, site, setter, how):
        self.read, self.site, self.setter, self.how = read, site, setter, how


def not_carried(fn, how=""):
    """@param fn: what is given to a thread. @returns what `tell` takes; None: it misses nothing"""
    try:
        context = copy_context()
        if len(context) == 0:
            return None
        for read in reads_of(fn):
            if read.variable in context and is_missed(read.variable, context[read.variable]):
                return missing(read, how)
    except (AttributeError, TypeError, ValueError, LookupError, RuntimeError):
        pass
    return None


def missing(read, how):
    frame = sys._getframe(2)
    user = sites.user_frame(frame)
    if user is None:
        return None
    while not how and frame is not user:
        how = "run_in_executor" if frame.f_code.co_name == "run_in_executor" else ""
        frame = frame.f_back
    setter = setter_of(user, read.name.rpartition(".")[2])
    return NotCarried(read, sites.line_site(user), setter, how or "submit")


def is_missed(variable, value):
    """Where nothing is set it has another value, or none."""
    try:
        other = Context().run(variable.get)
    except LookupError:
        return True
    if value is other:
        return False
    return not (type(value) in _PLAIN and type(other) in _PLAIN and value == other)


def setter_of(frame, name):
    """The code and line that set a variable, in a function that is running; None: it is not found."""
    for _ in range(_MAX_CALLERS):
        if frame is None:
            return None
        line = 0
        if sites.info_of(frame.f_code).is_user and name + ".set(" in source_of(frame.f_code):
            first = frame.f_code.co_firstlineno
            for at in range(frame.f_lineno, first - 1, -1):
                if name + ".set(" in sites.source_line(frame.f_code.co_filename, at):
                    line = at
                    break
        if line:
            return frame.f_code, line
        frame = frame.f_back
    return None


def source_of(code):
    try:
        return function_source(code)
    except NotSpliced:
        return ""


def tell(missed, task):
    """The call runs in its thread."""
    if missed is None or missed.read.variable in copy_context():
        return
    read = missed.read
    if missed.setter is not None:
        called = sites.write_line_site(*missed.setter)
        emit(KINDS["fact"], kinds.FACTS["context-set"], task, called, text(read.name))
    try:
        Context().run(read.variable.get)
        has_default = "default"
    except LookupError:
        has_default = ""
    words = text("%s|%s|%s" % (read.name, missed.how, has_default))
    site = sites.write_line_site(read.code, read.line)
    emit(KINDS["fact"], kinds.FACTS["lost-context"], task, site, words, missed.site)


# ── what a function reads ──────────────────────────────────────────────────────────────


def reads_of(fn):
    code = getattr(getattr(fn, "__func__", fn), "__code__", None)
    for _ in range(4):
        # A partial; what `Context.run` is given has its context.
        inner = getattr(fn, "func", None)
        if code is not None or inner is None:
            break
        fn = inner
        code = getattr(getattr(fn, "__func__", fn), "__code__", None)
    if code is None or not sites.info_of(code).is_user:
        return ()
    known = _known.get(code)
    if known is None:
        if len(_known) >= _MAX_KNOWN:
            return ()
        found, written = [], set()
        owner = type(fn.__self__) if type(fn) is MethodType else None
        collect(getattr(fn, "__func__", fn), owner, (found, written, set()))
        known = _known[code] = [read for read in found if read.variable not in written]
    return known


def collect(fn, owner, into, depth=0):
    """@param owner: the class whose method it is; None: it is none
    @param into: what it reads, the variables that it sets, the code that was looked at"""
    found, written, seen = into
    if type(fn) is not FunctionType or not sites.info_of(fn.__code__).is_user:
        return
    if fn.__code__ in seen or len(seen) >= _MAX_FUNCTIONS:
        return
    seen.add(fn.__code__)
    tree = tree_of(fn.__code__)
    for node in walk(tree) if tree is not None else ():
        if kind_of(node) != "Call":
            continue
        name = name_of(node.func)
        target, _, method = name.rpartition(".")
        variable = resolved(target, fn) if target else None
        if type(variable) is ContextVar:
            if method == "get":
                found.append(Read(variable, target, fn.__code__, node.lineno))
            elif method == "set":
                written.add(variable)
        elif name and depth < _MAX_DEPTH:
            is_own = target in ("self", "cls")
            inner = method_of(owner, method) if is_own else resolved(name, fn)
            collect(inner, owner if is_own else None, into, depth + 1)


def method_of(owner, name):
    for kind in owner.__mro__ if owner is not None else ():
        if name in kind.__dict__:
            found = kind.__dict__[name]
            return getattr(found, "__func__", found)
    return None


def resolved(name, fn):
    """A global of a function's module, or what a module of its has; None: another thing."""
    first, *rest = name.split(".")
    if first in fn.__code__.co_varnames or first in fn.__code__.co_freevars:
        return None
    value = fn.__globals__.get(first)
    for part in rest:
        if type(value) is not ModuleType:
            return None
        value = value.__dict__.get(part)
    return value
