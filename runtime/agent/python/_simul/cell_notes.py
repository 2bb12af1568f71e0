"""What a coroutine does with a shared value around an await. A function is read once, and only when
it waits.

    before = account.balance              state.locale = visitor.locale
    await audit(account)                  goods = await recommended()
    account.balance = before + amount     return translate("greeting")      which reads it
"""
from types import FunctionType

from _simul import sites
from _simul.making_notes import Key, cell_of
from _simul.source_notes import FUNCTIONS, children, every_node, kind_of, name_of, tree_of, walk
from _simul.splice import NotSpliced, function_source

_STOPS = ("Return", "Raise", "Break", "Continue")
_BLOCKS = ("body", "orelse", "finalbody")
_TESTS = ("Compare", "BoolOp", "If", "While", "IfExp", "Assert")
_LOCKED = ("With", "AsyncWith")


class CellNote:
    """`path` and `key` say which value; `is_update`: it is read at line `first` and written from that at
    `last`; else it is set at `first` and read after the await at `last`."""

    __slots__ = ("text", "path", "key", "first", "last", "is_update")

    def __init__(self, cell, first, last, is_update):
        name, key, is_name = cell
        self.text = name if key is None else "%s[%s]" % (name, key)
        self.path = name.split(".")
        self.key = None if key is None else Key(key, is_name)
        self.first, self.last, self.is_update = first, last, is_update


def cell_notes(code, names):
    """By the line of an await: notes of values that are shared perhaps. @param names: the globals"""
    notes = {}
    tree = tree_of(code) if may_have(code) else None
    if tree is not None:
        declared = {name for node in walk(tree) if kind_of(node) == "Global" for name in node.names}
        own = {*code.co_varnames[code.co_argcount :], *code.co_cellvars, *code.co_freevars} - declared
        parameters = set(code.co_varnames[: code.co_argcount])
        for block in blocks_of(tree):
            note_block(block, Known(own, parameters, names), notes)
    return notes


class Known:
    """Names of the function's own, its parameters, and the globals of its module."""

    def __init__(self, own, parameters, names):
        self.own, self.parameters, self.names = own, parameters, names

    def is_shared(self, cell):
        root, _, rest = cell[0].partition(".")
        if root in self.own:
            return False
        # A parameter itself is the run's own; what it holds may be anybody's.
        return bool(rest) or cell[1] is not None or root not in self.parameters


def may_have(code):
    try:
        source = function_source(code)
    except NotSpliced:
        return False
    return "await " in source and "=" in source


def catches_errors(code):
    """Also a `with`, which may do so."""
    tree = tree_of(code)
    return tree is None or any(kind_of(node) in ("Try", "TryStar", *_LOCKED) for node in walk(tree))


def blocks_of(node):
    """Lists of statements that no lock is around."""
    for name in _BLOCKS:
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            yield block
    for child in children(node):
        if kind_of(child) not in FUNCTIONS and kind_of(child) not in _LOCKED:
            yield from blocks_of(child)


def note_block(block, known, notes):
    for i, statement in enumerate(block):
        if kind_of(statement) == "AugAssign" and has_await(statement.value):
            keep(cell_of(statement.target), (statement, statement), True, known, notes)
        if kind_of(statement) != "Assign" or len(statement.targets) != 1:
            continue
        target = statement.targets[0]
        cell = cell_of(target) if kind_of(target) in ("Attribute", "Subscript", "Name") else None
        if has_await(statement.value):
            if cell is not None and reads_first(statement.value, cell):
                keep(cell, (statement, statement), True, known, notes)
        elif kind_of(target) == "Name" and target.id in known.own:
            note_update(block[i:], target.id, known, notes)
        elif cell is not None and known.is_shared(cell) and is_of_run(statement.value, known):
            note_setting(block[i:], cell, known, notes)


def has_await(node):
    return any(kind_of(part) == "Await" for part in walk(node))


def reads_first(value, cell):
    """`self.total + await f()`: it is read before the await."""
    for part in walk(value):
        if kind_of(part) == "Await":
            return False
        if kind_of(getattr(part, "ctx", None)) == "Load" and cell_of(part) == cell:
            return True
    return False


def note_update(block, name, known, notes):
    """`before = x.sum` … await … `x.sum = before + 1`"""
    cells = [cell_of(part) for part in read_parts(block[0].value)]
    cells = [cell for cell in cells if cell is not None and known.is_shared(cell)]
    waits = False
    for statement in block[1:]:
        if kind_of(statement) == "Assign" and waits and len(statement.targets) == 1:
            cell = cell_of(statement.targets[0])
            uses = any(kind_of(part) == "Name" and part.id == name for part in walk(statement.value))
            if cell in cells and uses:
                keep(cell, (block[0], statement), True, known, notes)
                return
        if kind_of(statement) == "Assign" and any(name_of(target) == name for target in statement.targets):
            uses = any(kind_of(part) == "Name" and part.id == name for part in walk(statement.value))
            if not uses:
                return
        if any(kind_of(part) in _STOPS or kind_of(part) in _LOCKED for part in walk(statement)):
            return
        waits = waits or has_await(statement)


def read_parts(value):
    """`x.sum`, `x.sum - 1`, `sums[key]`, `sums.get(key, 0)`"""
    if kind_of(value) == "BinOp":
        return [*read_parts(value.left), *read_parts(value.right)]
    if kind_of(value) == "Call" and getattr(value.func, "attr", "") == "get" and value.args:
        return [GetItem(value.func.value, value.args[0])]
    return [value] if kind_of(value) in ("Attribute", "Subscript", "Name") else []


class GetItem:
    """What `get` of a dict reads, as `cell_of` takes it."""

    def __init__(self, value, index):
        self.value, self.slice = value, index


GetItem.__name__ = "Subscript"


def note_setting(block, cell, known, notes):
    """`state.user = user` … await … and something that reads it."""
    waits = None
    for statement in block[1:]:
        if kind_of(statement) in ("Assign", "AugAssign"):
            targets = statement.targets if kind_of(statement) == "Assign" else [statement.target]
            if any(cell_of(target) == cell for target in targets):
                return
        if waits is not None and reads_later(statement, cell, known):
            keep(cell, (block[0], waits), False, known, notes)
            return
        if waits is None and has_await(statement):
            waits = statement
            # What the same statement does after the await is not looked at.
            if kind_of(statement) in _STOPS:
                return


def is_of_run(value, known):
    return any(
        kind_of(part) == "Name" and (part.id in known.own or part.id in known.parameters) and part.id != "self"
        for part in walk(value)
    )


def reads_later(statement, cell, known):
    if kind_of(statement) in _TESTS:
        return False
    for part in every_node(statement):
        if kind_of(part) in _TESTS:
            return False
        if kind_of(getattr(part, "ctx", None)) == "Load" and cell_of(part) == cell:
            return True
        if kind_of(part) == "Call" and kind_of(part.func) == "Name":
            function = known.names.get(part.func.id)
            if type(function) is FunctionType and function.__globals__ is known.names and reads_global(function, cell):
                return True
    return False


def reads_global(function, cell):
    root = cell[0].partition(".")[0]
    if root in function.__code__.co_varnames or not sites.info_of(function.__code__).is_user:
        return False
    tree = tree_of(function.__code__)
    return tree is not None and any(
        kind_of(getattr(part, "ctx", None)) == "Load" and cell_of(part) == cell for part in walk(tree)
    )


def keep(cell, statements, is_update, known, notes):
    if cell is None or not known.is_shared(cell):
        return
    first, last = statements
    note = CellNote(cell, first.lineno, last.lineno, is_update)
    end = getattr(last, "end_lineno", last.lineno)
    for line in range(first.lineno, end + 1):
        notes.setdefault(line, []).append(note)
