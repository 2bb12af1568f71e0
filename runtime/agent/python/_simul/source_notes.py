"""What the source of one of the program's functions says, where a record alone would not tell it:
awaits in a loop that need nothing of each other, what a `finally` cares for, which globals it
changes. A function is read once, and only when the question comes up.
"""
from _simul import kinds, result_notes
from _simul.splice import NotSpliced, function_source, parse_function

_NOTES = kinds.SITE_NOTES
_IN_LOOP, _EFFECT = _NOTES["in-loop"], _NOTES["effect-in-loop"]
FUNCTIONS = ("FunctionDef", "AsyncFunctionDef", "Lambda", "ClassDef")
_LOOPS = ("For", "AsyncFor", "While")
CHANGES = {
    *("append", "extend", "insert", "remove", "pop", "clear", "add", "update", "discard"),
    *("setdefault", "appendleft", "popleft", "popitem", "sort"),
}


def tree_of(code):
    """The function's definition as parsed; None: its source is not there."""
    try:
        return parse_function(code)
    except (NotSpliced, SyntaxError, ValueError, IndexError):
        return None


def children(node):
    for field in node._fields:
        value = getattr(node, field, None)
        for item in value if isinstance(value, list) else [value]:
            if hasattr(item, "_fields"):
                yield item


def walk(node, into_functions=False):
    yield node
    for child in children(node):
        if into_functions or type(child).__name__ not in FUNCTIONS:
            yield from walk(child, into_functions)


def every_node(node):
    """Those in functions within it, too."""
    return walk(node, True)


def kind_of(node):
    return type(node).__name__


# ── awaits in a loop ───────────────────────────────────────────────────────────────────


def loop_notes(code):
    """By line: the note of an await in a `for` loop no turn of which uses what an earlier one gave."""
    notes = {}
    if code.co_name.startswith("<"):
        # A module's own code, or a comprehension.
        return result_notes.file_notes(code)
    tree = tree_of(code) if has_loop(code) else None
    if tree is not None:
        for node in walk(tree):
            if kind_of(node) == "For":
                note_loop(node, notes)
                result_notes.note_loop(node, notes)
            elif kind_of(node) in ("ListComp", "SetComp", "DictComp"):
                note_comprehension(node, notes)
                result_notes.note_comprehension(node, notes)
    return notes


def has_loop(code):
    """Most functions have none, and need not be parsed."""
    try:
        return "for " in function_source(code)
    except NotSpliced:
        return False


def note_loop(loop, notes):
    parts = [part for statement in loop.body for part in walk(statement)]
    kinds_in = {kind_of(part) for part in parts}
    # A loop that is left on what it finds, tries again, or keeps a pace, is meant to go step by step.
    if kinds_in & {"Break", "Return", "While", "AsyncFor", "Yield", "YieldFrom", "Try", "AsyncWith"}:
        return
    awaits = [part for part in parts if kind_of(part) == "Await"]
    if any(is_pause(part) for part in awaits):
        return
    carried = carried_names(loop.body)
    effects = {
        id(statement.value) for statement in parts if kind_of(statement) == "Expr"
    }
    for part in awaits:
        used = {name_of(inner) for inner in walk(part.value)} - {""}
        if used & carried:
            continue
        notes[part.lineno] = _EFFECT if id(part) in effects else _IN_LOOP


def note_comprehension(node, notes):
    if any(generator.is_async for generator in node.generators):
        return
    for part in walk(node):
        if kind_of(part) == "Await" and not is_pause(part):
            # Where it is a coroutine of its own the function rests at its first line.
            notes[part.lineno] = notes[node.lineno] = _IN_LOOP


def is_pause(node):
    return kind_of(node.value) == "Call" and name_of(node.value.func).endswith("sleep")


def carried_names(body):
    """Names that a turn of the loop reads before it has written them itself."""
    written, read_first, all_written = set(), set(), set()
    for statement in body:
        parts = list(walk(statement))
        stores = {name_of(part) for part in parts if kind_of(getattr(part, "ctx", None)) == "Store"}
        loads = {name_of(part) for part in parts if kind_of(getattr(part, "ctx", None)) == "Load"}
        if kind_of(statement) == "AugAssign":
            loads |= {name_of(statement.target)}
        read_first |= loads - written
        written |= stores
        all_written |= stores
    return (read_first & all_written) - {""}


def name_of(node):
    """`a.b` of a name or attribute; '': another expression."""
    if kind_of(node) == "Name":
        return node.id
    if kind_of(node) == "Attribute":
        base = name_of(node.value)
        return base and "%s.%s" % (base, node.attr)
    return ""


# ── a wait that asks for nothing first ─────────────────────────────────────────────────


def waits_once(code, line):
    """Whether the `wait()` at a line is in no `while`, which would look again for what it waits for."""
    tree = tree_of(code)
    return tree is not None and any(is_wait(part, line) for part in walk_outside_loops(tree))


def walk_outside_loops(node):
    yield node
    for child in children(node):
        if kind_of(child) not in FUNCTIONS and kind_of(child) not in _LOOPS:
            yield from walk_outside_loops(child)


def is_wait(node, line):
    if kind_of(node) != "Call" or kind_of(node.func) != "Attribute" or node.func.attr != "wait":
        return False
    return node.lineno <= line <= getattr(node, "end_lineno", node.lineno)


def drops_result(code, line, name):
    """Whether a statement at a line awaits a call of the function of that name and keeps nothing of it."""
    tree = tree_of(code)
    return tree is not None and any(is_dropped(part, line, name) for part in walk(tree))


def is_dropped(node, line, name):
    if kind_of(node) != "Expr" or kind_of(node.value) != "Await" or kind_of(node.value.value) != "Call":
        return False
    is_here = node.lineno <= line <= getattr(node, "end_lineno", node.lineno)
    return is_here and name_of(node.value.value.func).rpartition(".")[2] == name


def drops_call(code, line, names):
    """Whether a statement at a line calls a function of one of these names and keeps nothing of it."""
    tree = tree_of(code)
    return tree is not None and any(is_dropped_call(part, line, names) for part in walk(tree))


def is_dropped_call(node, line, names):
    if kind_of(node) != "Expr" or kind_of(node.value) != "Call":
        return False
    is_here = node.lineno <= line <= getattr(node, "end_lineno", node.lineno)
    return is_here and getattr(node.value.func, "attr", name_of(node.value.func)) in names


def is_unending(code, line):
    """Whether a line stands in a loop whose end is not in sight; where that cannot be told, too."""
    tree = tree_of(code)
    return tree is None or any(
        kind_of(part) in ("While", "AsyncFor") and part.lineno <= line <= getattr(part, "end_lineno", line)
        for part in walk(tree)
    )


# ── clean-up, and what is shared ───────────────────────────────────────────────────────


def cleanup_of(code):
    """The first `finally` that names a parameter of the function: its line, and the parameter; None."""
    tree = tree_of(code)
    if tree is None:
        return None
    parameters = set(code.co_varnames[: code.co_argcount]) - {"self", "cls"}
    for node in walk(tree):
        if kind_of(node) != "Try":
            continue
        for statement in node.finalbody:
            for part in walk(statement):
                if kind_of(part) == "Name" and part.id in parameters:
                    return (statement.lineno, part.id)
    return None


def shared_name(code):
    """A global that the function changes; '': none."""
    tree = tree_of(code)
    if tree is None:
        return ""
    own = set(code.co_varnames) | set(code.co_cellvars)
    for node in walk(tree, True):
        target = None
        if kind_of(node) == "Call" and kind_of(node.func) == "Attribute" and node.func.attr in CHANGES:
            target = node.func.value
        elif kind_of(node) == "Subscript" and kind_of(node.ctx) == "Store":
            target = node.value
        elif kind_of(node) == "Global":
            return node.names[0]
        if target is not None and kind_of(target) == "Name" and target.id not in own:
            return target.id
    return ""
