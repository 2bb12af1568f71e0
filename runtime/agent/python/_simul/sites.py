"""Places in the program's source, and which files are the program's.

A file is the program's unless it is Python's own, an installed package or ours. A site is written
once: it is known by its code object and the instruction in it.
"""
import os
import sys

from _simul import kinds
from _simul.state import agent
from _simul.system import full_path, read_file, system

_AWAIT = kinds.SITE_ROLES["await"]
_CALL = kinds.SITE_ROLES["call"]
_FUNCTION = kinds.SITE_ROLES["function"]
_DIRECT = 1 << kinds.FLAGS["site"]["direct"][0]
_NOTE_BIT = kinds.FLAGS["site"]["note"][0]
_MAX_CODES = 50_000
_MAX_FILES = 64
_MAX_TEXT = 80
_INTERACTIVE = ("<string>", "<stdin>")
_PACKAGES = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)


_LIBRARY = (
    system.dirname(system.abspath(os.__file__)) + os.sep,
    system.dirname(system.dirname(system.abspath(__file__))) + os.sep,
)


class CodeInfo:
    """What is known of a code object. `wait`: how a task waits that is suspended in it, if it is
    the library's (asyncio_waits.py); `sites`: numbers of sites by instruction, and by role."""

    __slots__ = ("code", "is_user", "is_library", "wait", "is_edge", "sites", "awaits", "loops", "makings", "cells")

    def __init__(self, code):
        # The code is kept, so that its address stays its own.
        self.code = code
        self.is_user = is_user_file(code.co_filename)
        #: Python's own.
        self.is_library = code.co_filename.startswith(_LIBRARY) and not _is_package(code.co_filename)
        self.wait = None
        #: Whoever called this function has nothing to do with what it runs: a step of a loop.
        self.is_edge = False
        self.sites = {}
        #: By instruction: the number of the await's site, and whether it awaits a call.
        self.awaits = {}
        #: By line: notes of awaits in loops (source_notes.py); False: there are none; None: not read.
        self.loops = None
        #: By line: what is made there after it was not found (asyncio_makings.py); False: nothing is.
        self.makings = None
        #: By line: shared values around an await (asyncio_cells.py); False: there are none.
        self.cells = None


infos = {}


def info_of(code):
    info = infos.get(id(code))
    if info is None or info.code is not code:
        if len(infos) >= _MAX_CODES:
            # Waits of the library stay known; the program's sites are written again.
            for key in [key for key, value in infos.items() if value.wait is None and not value.is_edge]:
                del infos[key]
        info = infos[id(code)] = CodeInfo(code)
    return info


def forget_written():
    """After a fork: what was written stands in another part."""
    for info in infos.values():
        info.sites = {}
        info.awaits = {}


def _is_package(path):
    return any(part in path for part in _PACKAGES)


def forget_interactive(*names):
    """The text of `-c` is none of the program's. @param names: "<string>", "<stdin>"; none: both"""
    _is_user.update((name, False) for name in names or _INTERACTIVE)


_is_user = {}


def is_user_file(name):
    known = _is_user.get(name)
    if known is None:
        if name.startswith("<"):
            known = name in _INTERACTIVE
        else:
            path = full_path(name)
            # Of compiled code the file is that of whoever built it.
            is_compiled = path.endswith((".pyx", ".pxd"))
            known = not path.startswith(_LIBRARY) and not _is_package(path) and not is_compiled
        if len(_is_user) < _MAX_CODES:
            _is_user[name] = known
    return known


def await_site(info, frame):
    """The site of the await at which the frame rests, and whether it awaits a call."""
    at = frame.f_lasti
    known = info.awaits.get(at)
    if known is None:
        known = info.awaits[at] = _write_site(info.code, frame.f_lineno, _AWAIT)
    return known


def line_site(frame):
    """The site of the line that a frame executes."""
    info = info_of(frame.f_code)
    at = ("line", frame.f_lasti)
    number = info.sites.get(at)
    if number is None:
        number = info.sites[at] = _write_site(info.code, frame.f_lineno, _CALL)[0]
    return number


def function_site(code):
    """The site of a function's definition."""
    info = info_of(code)
    number = info.sites.get("function")
    if number is None:
        number = info.sites["function"] = _write_site(code, code.co_firstlineno, _FUNCTION)[0]
    return number


def user_frame(frame, depth=60):
    """The innermost frame of the program's own files, from `frame` outwards; None: there is none."""
    while frame is not None and depth > 0:
        info = info_of(frame.f_code)
        if info.is_user:
            return frame
        if info.is_edge:
            return None
        frame = frame.f_back
        depth -= 1
    return None


def caller_site():
    """The site of the program's line that is being executed; 0: none is."""
    frame = user_frame(sys._getframe(1))
    return 0 if frame is None else line_site(frame)


def write_line_site(code, line):
    """A site of a line, written anew each time: it is kept by who asks."""
    return _write_site(code, line, _CALL)[0]


def write_source_site(path, line):
    """A site of a line that no code was made of."""
    source = source_line(path, line)
    column = len(source) - len(source.lstrip())
    path = full_path(path)
    return agent.out.site((path, line, "", ""), column + 1, hash_line(source), _CALL)


def function_name(code):
    name = getattr(code, "co_qualname", code.co_name)
    # "main.<locals>.worker" is called worker.
    return name.rpartition("<locals>.")[2]


def _note_of(code, line):
    info = info_of(code)
    if info.loops is None:
        from _simul import source_notes

        info.loops = source_notes.loop_notes(code) or False
    return 0 if info.loops is False else info.loops.get(line, 0)


def _asks_result(source):
    return ".result(" in source or ".get(" in source or ".apply(" in source


def _write_site(code, line, role):
    source = source_line(code.co_filename, line)
    column = len(source) - len(source.lstrip())
    awaited, is_direct = "", False
    if role == _AWAIT:
        column, awaited = awaited_text(source, column)
        # What is shielded goes on by itself, whatever becomes of the await.
        is_direct = awaited.endswith(")") and "shield(" not in awaited
    if role == _FUNCTION and source.lstrip().startswith("@"):
        line, source, column = _definition_line(code.co_filename, line)
    flags = role | (_DIRECT if is_direct else 0)
    if (role == _AWAIT or (role == _CALL and _asks_result(source))) and is_user_file(code.co_filename):
        flags |= _note_of(code, line) << _NOTE_BIT
    path = code.co_filename
    if not path.startswith("<"):
        # Python 3.8 knows the program's first file by a relative path.
        path = full_path(path)
    where = (path, line or 0, function_name(code), awaited)
    return agent.out.site(where, column + 1, hash_line(source), flags), is_direct


def _definition_line(path, line):
    """Below decorators."""
    for below in range(line, line + 20):
        source = source_line(path, below)
        if source.lstrip().startswith(("def ", "async def ", "class ")):
            return below, source, len(source) - len(source.lstrip())
    source = source_line(path, line)
    return line, source, len(source) - len(source.lstrip())


_sources = {}


def source_line(path, line):
    """A line of a file, without its end; '': it is not there."""
    lines = _sources.get(path)
    if lines is None:
        if len(_sources) >= _MAX_FILES:
            _sources.clear()
        try:
            lines = read_file(full_path(path)).decode("utf-8", "replace").split("\n")
        except (OSError, ValueError):
            lines = []
        _sources[path] = lines
    return lines[line - 1].rstrip("\r") if line and 0 < line <= len(lines) else ""


def awaited_text(source, column):
    """The column and text of what a line awaits: `x = await f(1)` → "f(1)"."""
    for word in ("await ", "async with ", "async for ", "yield from "):
        at = source.find(word)
        if at < 0:
            continue
        rest = source[at + len(word) :]
        if word == "async for ":
            rest = rest.partition(" in ")[2]
        return at, _expression(rest)
    return column, ""


def _expression(rest):
    """Up to where the brackets that it opens are closed, or the expression ends."""
    depth = 0
    quote = ""
    for i, char in enumerate(rest):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth < 0:
                return rest[:i].strip()
        elif depth == 0 and (char in ":,;#=" or rest.startswith((" as ", " for ", " if ", " + "), i)):
            return rest[:i].strip()
    if depth > 0:
        return rest.strip()[: _MAX_TEXT - 2] + "…)"
    return rest.strip()[:_MAX_TEXT]


def hash_line(line):
    """FNV-1a over UTF-16 units, as `runtime/trace/format/hash.ts` has it."""
    value = 0x811C9DC5
    units = line.strip().encode("utf-16-le", "surrogatepass")
    for i in range(0, len(units), 2):
        value = ((value ^ (units[i] | units[i + 1] << 8)) * 0x01000193) & 0xFFFFFFFF
    return value


def assigned_name(frame):
    """What the call that a frame executes is assigned to: `self.jobs = Queue()` → "jobs"; '': nothing
    is, or several calls stand in the line and the interpreter does not tell which one it is."""
    source = source_line(frame.f_code.co_filename, frame.f_lineno)
    column = column_of(frame)
    statements = source.split(";")
    if len(statements) > 1:
        if column is None:
            return ""
        start = 0
        for statement in statements:
            if start + len(statement) >= column:
                break
            start += len(statement) + 1
        source, column = statement, column - start
    if source.lstrip().startswith(("with ", "async with ")):
        name = source.partition(" as ")[2].partition(":")[0].partition(",")[0].strip()
        return name if name.isidentifier() else ""
    target, is_assignment, value = source.partition("=")
    if not is_assignment or target.endswith(("!", "<", ">")) or "(" in target:
        return ""
    targets = _top_level_parts(target)
    if len(targets) > 1:
        if column is None or len(_top_level_parts(value)) != len(targets):
            return ""
        before = value[: max(0, column - len(target) - 1)]
        targets = [targets[len(_top_level_parts(before)) - 1]]
    name = targets[0].partition(":")[0].strip().rpartition(".")[2].strip()
    return name if name.isidentifier() else ""


def _top_level_parts(text):
    parts, depth = [""], 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def column_of(frame):
    """Of the instruction that a frame executes, from 0; None: before Python 3.11 it is not known."""
    positions = getattr(frame.f_code, "co_positions", None)
    if positions is None:
        return None
    for at, position in enumerate(positions()):
        if at == frame.f_lasti // 2:
            return position[2]
    return None
