"""Results of a pool that a loop asks for, each as soon as it has given the call away:

    for page in pages:                         sizes = [pool.submit(size, page).result() for page in pages]
        future = pool.submit(size, page)
        sizes[page] = future.result()
"""
from _simul import source_notes
from _simul.splice import NotSpliced, parse_file

_ASKS = ("result", "get")
_GIVES = ("submit", "apply_async", "run_coroutine_threadsafe")
#: A loop that is left on what it finds, asks again, or keeps a pace, is meant to go step by step.
_COMPREHENSIONS = ("ListComp", "SetComp", "DictComp")
_STEPS = {"Break", "Return", "While", "AsyncFor", "Yield", "YieldFrom", "Await"}


def note_loop(loop, notes):
    """By line: the note of a call that asks for what the same turn of the loop has given away."""
    kind_of, name_of, walk = source_notes.kind_of, source_notes.name_of, source_notes.walk
    parts = [part for statement in loop.body for part in walk(statement)]
    if _STEPS & {kind_of(part) for part in parts} or any(is_pause(part) for part in parts):
        return
    given = {
        name_of(part.targets[0])
        for part in parts
        if kind_of(part) == "Assign" and is_call_of(part.value, _GIVES)
    }
    carried = source_notes.carried_names(loop.body)
    effects = {id(part.value) for part in parts if kind_of(part) == "Expr"}
    for part in parts:
        if is_asking(part, given) and not carried & names_in(loop.body, part, given):
            note = source_notes._EFFECT if id(part) in effects else source_notes._IN_LOOP
            note_lines(part, note, notes)


def names_in(body, ask, given):
    """What a call needs: the names in it, and in the call whose result it asks for."""
    name_of, walk = source_notes.name_of, source_notes.walk
    names = {name_of(part) for part in walk(ask)}
    for statement in body:
        for part in walk(statement):
            if source_notes.kind_of(part) == "Assign" and name_of(part.targets[0]) in given:
                names |= {name_of(inner) for inner in walk(part.value)}
    return names - {""}


def note_comprehension(node, notes):
    for part in source_notes.walk(node):
        if is_asking(part, ()):
            note_lines(part, source_notes._IN_LOOP, notes)


_files = {}
_MAX_FILES = 64


def file_notes(code):
    """The notes of all that a file's functions hold in comprehensions, and its own loops."""
    notes = _files.get(code.co_filename)
    if notes is None:
        if len(_files) >= _MAX_FILES:
            _files.clear()
        notes = _files[code.co_filename] = {}
        try:
            tree = parse_file(code)
        except (NotSpliced, SyntaxError, ValueError):
            return notes
        for node in source_notes.walk(tree, True):
            if source_notes.kind_of(node) in _COMPREHENSIONS:
                note_comprehension(node, notes)
        for node in source_notes.walk(tree):
            if source_notes.kind_of(node) == "For":
                note_loop(node, notes)
    return notes


def note_lines(part, note, notes):
    for line in range(part.lineno, (getattr(part, "end_lineno", None) or part.lineno) + 1):
        notes.setdefault(line, note)


def is_asking(node, given):
    if is_call_of(node, ("apply",)):
        return True
    if not is_call_of(node, _ASKS):
        return False
    asked = node.func.value
    return is_call_of(asked, _GIVES) or source_notes.name_of(asked) in given


def is_call_of(node, names):
    if source_notes.kind_of(node) != "Call":
        return False
    func = node.func
    name = getattr(func, "attr", None) or getattr(func, "id", "")
    # `get` and `result` are asked of something.
    return name in names and (source_notes.kind_of(func) == "Attribute" or name in _GIVES)


def is_pause(node):
    name = source_notes.name_of(getattr(node, "func", None)) if source_notes.kind_of(node) == "Call" else ""
    return name.endswith("sleep")
