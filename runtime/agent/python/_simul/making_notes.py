"""What a function looks for and does not find, or finds too old, and then awaits for itself. A function
is read once, and only when it waits.

    if key not in cache:                    if self.token.is_old():
        cache[key] = await load(key)            self.token = await self.renew(self.token)
"""
from _simul.source_notes import FUNCTIONS, children, is_pause, kind_of, name_of, tree_of, walk
from _simul.splice import NotSpliced, function_source



class MakingNote:
    """`path`: the names that lead to the thing; `key`: of a container, a name or a literal."""

    __slots__ = ("text", "path", "key", "looked", "kept")

    def __init__(self, text, path, key, looked, kept):
        self.text, self.path, self.key, self.looked, self.kept = text, path, key, looked, kept


class Key:
    __slots__ = ("text", "is_name")

    def __init__(self, text, is_name):
        self.text, self.is_name = text, is_name


def makings(code):
    """By line of an await: the thing that a condition before it has not found, and that it makes."""
    notes = {}
    tree = tree_of(code) if has_look(code) else None
    if tree is not None:
        for node in walk_unlocked(tree):
            if kind_of(node) == "If":
                note_making(node.test, node.body, notes)
            for name in ("body", "orelse"):
                block = getattr(node, name, None)
                if isinstance(block, list):
                    note_guards(block, notes)
    return notes


def has_look(code):
    try:
        source = function_source(code)
    except NotSpliced:
        return False
    return "if " in source and "await " in source


def note_guards(block, notes):
    """`if key in cache: return cache[key]`: what stands below is done where it was not found."""
    for i, statement in enumerate(block):
        if kind_of(statement) == "If" and not statement.orelse and kind_of(statement.body[-1]) == "Return":
            note_making(statement.test, block[i + 1 :], notes, True)


def walk_unlocked(node):
    """Not what stands in a `with`: that may be a lock, which makes others wait."""
    yield node
    for child in children(node):
        if kind_of(child) not in FUNCTIONS and kind_of(child) not in ("With", "AsyncWith"):
            yield from walk_unlocked(child)


def note_making(test, body, notes, is_guard=False):
    missing = found_cell(test) if is_guard else missing_cell(test)
    looked = looked_cells(test) if missing is None else {missing}
    if not looked or takes_lock(body):
        return
    given, holders = set(), set()
    for statement in body:
        if kind_of(statement) != "Assign":
            continue
        target = statement.targets[0]
        awaits = [part for part in walk_unlocked(statement) if is_making_await(part)]
        holder = name_of(target).rpartition(".")[0]
        is_made = bool(awaits) or any(name_of(part) in given for part in walk(statement.value))
        # What is kept beside it, as when it gets old, counts as well.
        is_made |= holder in holders
        cell = cell_of(target)
        if is_made and cell is not None and cell in looked:
            making = [*making_awaits(body, statement), *awaits]
            if making:
                keep_note(cell, missing is None, (test, statement), making, notes)
            return
        if is_made:
            given.add(name_of(target))
            given.discard("")
            holders.add(holder)
            holders.discard("")


def keep_note(cell, is_old, lines, making, notes):
    text = cell[0] if cell[1] is None else "%s[%s]" % cell[:2]
    key = None if cell[1] is None else Key(*cell[1:])
    looked, kept = lines
    note = MakingNote(text + ("|old" if is_old else ""), cell[0].split("."), key, looked.lineno, kept.lineno)
    for part in making:
        for line in range(part.lineno, getattr(part, "end_lineno", part.lineno) + 1):
            notes.setdefault(line, note)


def making_awaits(body, last):
    """The awaits of the statements before one, up to it."""
    for statement in body:
        if statement is last:
            return
        for part in walk_unlocked(statement):
            if is_making_await(part):
                yield part


#: What waits for something that others may wait for, too.
_PASSING = ("shield", "wait_for", "wait", "gather")


def is_making_await(node):
    """Of a call: a task that is awaited may be shared."""
    if kind_of(node) != "Await" or is_pause(node) or kind_of(node.value) != "Call":
        return False
    call = node.value
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name not in _PASSING or any(kind_of(arg) == "Call" for arg in call.args)


def takes_lock(body):
    return any(
        kind_of(part) == "Attribute" and part.attr == "acquire" for statement in body for part in walk(statement)
    )


def looked_cells(test):
    """What a condition looks at: attributes, and items of containers."""
    cells = set()
    for part in walk(test):
        cell = cell_of(part) if kind_of(part) in ("Attribute", "Subscript") else None
        if cell is not None:
            cells.add(cell)
    return cells


def found_cell(test):
    """What a condition says is there; None: it says something else."""
    if kind_of(test) in ("Attribute", "Subscript"):
        return cell_of(test)
    if kind_of(test) != "Compare" or len(test.ops) != 1:
        return None
    how, other = kind_of(test.ops[0]), test.comparators[0]
    if how == "In":
        return container_cell(name_of(other), test.left)
    if how == "IsNot" and kind_of(other) in ("Constant", "NameConstant") and other.value is None:
        return cell_of(test.left)
    return None


def missing_cell(test):
    """What a condition says is not there: its name, and its key and whether that is a name."""
    if kind_of(test) == "UnaryOp" and kind_of(test.op) == "Not":
        inner = test.operand
        return cell_of(inner) if kind_of(inner) != "Compare" else None
    if kind_of(test) != "Compare" or len(test.ops) != 1:
        return None
    how, other = kind_of(test.ops[0]), test.comparators[0]
    if how == "NotIn":
        return container_cell(name_of(other), test.left)
    if how == "Is" and kind_of(other) in ("Constant", "NameConstant") and other.value is None:
        return cell_of(test.left)
    return None


def cell_of(node):
    if kind_of(node) == "Subscript":
        index = node.slice
        return container_cell(name_of(node.value), getattr(index, "value", index) if kind_of(index) == "Index" else index)
    name = name_of(node)
    return (name, None, False) if name else None


def container_cell(name, key):
    if not name:
        return None
    if kind_of(key) == "Name":
        return (name, key.id, True)
    if kind_of(key) in ("Constant", "Str", "Num"):
        value = getattr(key, "value", getattr(key, "s", getattr(key, "n", None)))
        return (name, repr(value), False)
    return None
