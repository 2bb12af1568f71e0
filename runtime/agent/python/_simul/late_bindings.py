"""Functions made in a loop that read its variable when they run, and not when they are made:

    for guest in guests:
        Timer(60, lambda: remind(guest)).start()        each reads the last guest

Given to a thread, a timer or an executor they run later. Which variables of a loop a function reads is
taken from the source, once; that a variable holds another thing by then is seen by its identity.
"""
import sys
from types import FunctionType

from _simul import kinds, sites
from _simul.source_notes import kind_of, tree_of, walk
from _simul.splice import NotSpliced, parse_file
from _simul.state import KINDS, emit, text

_MAX_KNOWN = 1000
_MAX_SITES = 1000
#: So many of a place are told one by one.
_MAX_TOLD = 64
#: By code: the loop's variables that it reads, each with the line of the loop; empty: none.
_known = {}
#: By line where they are given away: how many ran with another value, and how many there were.
_counts = {}


class Bound:
    """`values`: name, line of the loop and identity of each."""

    __slots__ = ("fn", "values", "site", "how", "loop_code")

    def __init__(self, fn, values, site, how, loop_code):
        self.fn, self.values, self.site, self.how, self.loop_code = fn, values, site, how, loop_code


def bound(fn, how):
    """@param fn: what is given away to run later. @returns what `tell` takes; None: nothing can change"""
    try:
        if type(fn) is not FunctionType or not sites.info_of(fn.__code__).is_user:
            return None
        # Of most functions it is known that they read no such variable.
        frame = None if _known.get(fn.__code__) == () else sites.user_frame(sys._getframe(1))
        if frame is None:
            return None
        names = names_of(fn, frame)
        if not names:
            return None
        values = [(name, line, id(value_of(fn, name))) for name, line in names]
        site = sites.line_site(frame)
        _, given = _counts.get(site, (0, 0))
        if given > 0 or len(_counts) < _MAX_SITES:
            _counts[site] = (_counts.get(site, (0, 0))[0], given + 1)
        return Bound(fn, values, site, how, frame.f_code)
    except (AttributeError, KeyError, TypeError, ValueError, LookupError, RuntimeError):
        return None


def tell(given, task):
    """The function begins to run."""
    if given is None or given.site not in _counts:
        return
    for name, line, identity in given.values:
        try:
            if id(value_of(given.fn, name)) == identity:
                continue
        except (KeyError, ValueError):
            # Its variable is gone: it will fail, and say so.
            continue
        late, count = _counts[given.site]
        late += 1
        _counts[given.site] = (late, count)
        if late <= _MAX_TOLD or late & (late - 1) == 0:
            words = text("|".join((name, sites.function_name(given.fn.__code__), given.how, str(count))))
            loop = sites.write_line_site(given.loop_code, line)
            emit(KINDS["fact"], kinds.FACTS["late-binding"], task, given.site, words, loop, late)
        return


def value_of(fn, name):
    """@raises ValueError, KeyError: it has none"""
    if name in fn.__code__.co_freevars:
        return fn.__closure__[fn.__code__.co_freevars.index(name)].cell_contents
    return fn.__globals__[name]


def names_of(fn, frame):
    code = fn.__code__
    names = _known.get(code)
    if names is None:
        if len(_known) >= _MAX_KNOWN:
            return ()
        names = _known[code] = tuple(loop_names(code, frame.f_code))
    return names


def loop_names(code, around):
    """The variables of the `for` loops of a function, or of the module, in whose bodies the code stands."""
    if code.co_filename != around.co_filename:
        return
    is_module = around.co_name == "<module>"
    read = set(code.co_names if is_module else code.co_freevars)
    if not read:
        return
    tree = module_of(around) if is_module else tree_of(around)
    first = code.co_firstlineno
    for node in walk(tree) if tree is not None else ():
        if kind_of(node) != "For" or not node.lineno <= first <= getattr(node, "end_lineno", node.lineno):
            continue
        if is_module:
            # `co_names` has the names of attributes, too, and the body those of its own variables.
            read &= names_read(node, first) - set(code.co_varnames)
        for part in walk(node.target):
            if kind_of(part) == "Name" and part.id in read:
                yield part.id, node.lineno


def names_read(loop, line):
    """What the one function that begins at a line of a loop reads in its body; several: nothing is known."""
    found = [
        node for node in walk(loop, True) if kind_of(node) in ("Lambda", "FunctionDef") and node.lineno == line
    ]
    if len(found) != 1:
        return set()
    body = found[0].body if type(found[0].body) is list else [found[0].body]
    return {part.id for statement in body for part in walk(statement, True) if kind_of(part) == "Name"}


def module_of(code):
    try:
        return parse_file(code)
    except (NotSpliced, SyntaxError, ValueError):
        return None
