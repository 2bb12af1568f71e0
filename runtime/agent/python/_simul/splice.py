"""Puts calls of ours into functions of the standard library, without a frame of ours.

A wrapper would stand in the program's tracebacks and count against its recursion limit. So the
function's code is compiled anew from its own source, with its file's name, at its own lines and
columns, with a statement more at its start and end. The function stays the same object.

    def run(self, x):             def run(self, x):
        …                 ──▶         state = before(self, x)
        return y                      try:
                                          …
                                          return after(state, y)
                                      finally:
                                          finish(state)

`before` gets what the function is called with, `after` the value that it returns and gives that
value back, `finish` is called however it ends, `caught(state)` first in each `except` of the function.
What is not given is not put in. The hooks are constants of the code, so no name of ours stands in the
module.
"""
import _imp
import marshal
import sys

from _simul.system import read_file, system, write_file

_ONLY_AST = 0x400
_FUTURE_MASK = 0x1FF0000
STATE = "_simul_state"
_BEFORE, _AFTER, _FINISH, _CAUGHT = "_simul_before", "_simul_after", "_simul_finish", "_simul_caught"
_VARARGS, _VARKEYWORDS = 4, 8
_FACTORY = "_simul_factory"


class NotSpliced(Exception):
    """The function's source is not there, or is not what it was compiled from."""


def splice(owner, name, before=None, after=None, finish=None, caught=None):
    """Puts the hooks into the function `name` of a class or module. @raises NotSpliced"""
    function = owner.__dict__[name]
    function = getattr(function, "__func__", function)
    class_name = function.__qualname__.rpartition(".")[0].rpartition(".")[2]
    function.__code__ = spliced(function.__code__, before, after, finish, class_name, caught)


def spliced(code, before=None, after=None, finish=None, class_name="", caught=None):
    """The code of a function with our calls in it. @raises NotSpliced

    @param class_name: of a method; names with two underscores have it in front
    """
    hooks = {_BEFORE: before, _AFTER: after, _FINISH: finish}
    if caught is not None:
        hooks[_CAUGHT] = caught
    given = "".join(name for name in hooks if hooks[name] is not None)
    key = _imp.source_hash(len(given), marshal.dumps((code, given, class_name), 2))
    made = _kept().get(key)
    if made is None:
        made = _kept()[key] = _compiled(code, hooks, class_name)
        _State.is_new = True
    consts = tuple(hooks.get(_hook_name(value), value) for value in made.co_consts)
    changes = {"co_consts": consts, "co_flags": made.co_flags | (code.co_flags & _ITERABLE_COROUTINE)}
    if hasattr(code, "co_qualname"):
        changes["co_qualname"] = code.co_qualname
    return made.replace(**changes)


def parse_function(code):
    """The definition of a function as the compiler parses it. @raises NotSpliced, SyntaxError"""
    flags = _ONLY_AST | (code.co_flags & _FUTURE_MASK)
    try:
        definition = compile(function_source(code), code.co_filename, "exec", flags, True).body[0]
    except SyntaxError:
        # A string over several lines may begin at the margin.
        definition = compile(function_source(code, True), code.co_filename, "exec", flags, True).body[0]
    if not _is_definition(definition):
        # Indented, it stands in an `if`; a module's code is no function's.
        definition = definition.body[0] if hasattr(definition, "body") else None
    if getattr(definition, "name", None) != code.co_name:
        raise NotSpliced(code.co_name)
    return definition


def parse_file(code):
    """The whole file of a code object. @raises NotSpliced, SyntaxError, ValueError"""
    source = "".join(_lines_of(code.co_filename))
    return compile(source, code.co_filename, "exec", _ONLY_AST | (code.co_flags & _FUTURE_MASK), True)


def _compiled(code, hooks, class_name):
    """The code with a string in the place of each hook."""
    future = code.co_flags & _FUTURE_MASK
    definition = parse_function(code)
    definition.decorator_list = []
    definition.returns = None
    _insert(definition, code, hooks)
    # A function with free variables (`__class__` for super) has them from a function around it.
    # A global of its own name is none of the factory's.
    inside = "global %s" % code.co_name if code.co_name in code.co_names else "pass"
    factory = compile(
        "def %s(%s):\n %s" % (_FACTORY, ", ".join(code.co_freevars), inside), "<simul>", "exec", _ONLY_AST, True
    )
    _place(factory.body[0], definition)
    prefix = "_%s__" % class_name.lstrip("_")
    is_private = class_name != "" and any(name.startswith(prefix) for name in code.co_names)
    if is_private:
        around = compile("class %s: pass" % class_name, "<simul>", "exec", _ONLY_AST, True)
        factory.body[0].body = _placed(around.body, definition)
        around.body[0].body = [definition]
    else:
        factory.body[0].body.append(definition)
    module = compile(factory, code.co_filename, "exec", future, True)
    made = _inner(module, _FACTORY)
    made = _inner(_inner(made, class_name) if is_private else made, code.co_name)
    if not set(code.co_names) <= set(made.co_names):
        raise NotSpliced(code.co_name)
    count = _count(code)
    if made.co_freevars != code.co_freevars or made.co_varnames[:count] != code.co_varnames[:count]:
        raise NotSpliced(code.co_name)
    return made


#: A version of Python has some 60; those of others that were there before are let go in the end.
_MAX_KEPT = 400


class _State:
    kept = None
    is_new = False


def _kept_file():
    name = "splices.%s.%d" % (sys.implementation.cache_tag, sys.flags.optimize)
    return system.join(system.dirname(system.abspath(__file__)), "__pycache__", name)


def _kept():
    """Code that was compiled before, by a hash of what it was compiled from, hooks left out. It lies
    beside the compiled modules of ours, and saves some milliseconds of each start."""
    if _State.kept is None:
        _State.kept = {}
        try:
            _State.kept = dict(marshal.loads(read_file(_kept_file())))
        except (OSError, EOFError, ValueError, TypeError):
            pass
    return _State.kept


def keep_splices():
    """Keeps what was compiled for the next start, where Python keeps its own."""
    if not _State.is_new or sys.dont_write_bytecode:
        return
    _State.is_new = False
    if len(_State.kept) > _MAX_KEPT:
        _State.kept.clear()
        return
    path = _kept_file()
    temporary = "%s.%d" % (path, system.getpid())
    try:
        system.mkdir(system.dirname(path))
    except OSError:
        # It is there, or cannot be.
        pass
    try:
        write_file(temporary, marshal.dumps(_State.kept))
        system.replace(temporary, path)
    except (OSError, ValueError):
        pass


#: What types.coroutine gives a generator function.
_ITERABLE_COROUTINE = 0x100


def _count(code):
    both = code.co_argcount + code.co_kwonlyargcount
    return both + bool(code.co_flags & _VARARGS) + bool(code.co_flags & _VARKEYWORDS)


def _inner(code, name):
    for value in code.co_consts:
        if hasattr(value, "co_code") and value.co_name == name:
            return value
    raise NotSpliced(name)


def _hook_name(value):
    return value[1:] if type(value) is str and value[:1] == "\0" else None


def function_source(code, to_definition=False):
    """The source of the function, at its own lines and columns, below an `if`.

    @param to_definition: only another definition or class at the margin ends it
    """
    first = code.co_firstlineno
    lines = _lines_of(code.co_filename)
    block = lines[first - 1 : first]
    if not block:
        raise NotSpliced(code.co_name)
    indent = _indent_of(block[0])
    for line in lines[first:]:
        rest = line.lstrip()
        if to_definition and not rest.startswith(_MARGINS):
            block.append(line)
            continue
        if rest and _indent_of(line) <= indent and not rest.startswith((")", "#")):
            # Below decorators stands the function's own first line.
            is_own = rest.startswith(_DEFINITIONS) and _indent_of(line) == indent
            if not is_own or any(before.lstrip().startswith(_DEFINITIONS) for before in block):
                break
        block.append(line)
    if indent == 0:
        return "\n" * (first - 1) + "".join(block)
    return "\n" * (first - 2) + "if 1:\n" + "".join(block)


_DEFINITIONS = ("def ", "async def ")
_MARGINS = (*_DEFINITIONS, "class ", "@")
_files = {}
_MAX_FILES = 64


def _lines_of(path):
    lines = _files.get(path)
    if lines is None:
        try:
            lines = read_file(path).decode("utf-8").replace("\r\n", "\n").splitlines(True)
        except (OSError, UnicodeError) as error:
            raise NotSpliced(path) from error
        if len(_files) >= _MAX_FILES:
            _files.clear()
        _files[path] = lines
    return lines


def forget_sources():
    _files.clear()


def _indent_of(line):
    return len(line) - len(line.lstrip())


def _insert(definition, code, hooks):
    body = definition.body
    place = body[0]
    before, after, finish = (hooks[name] is not None for name in (_BEFORE, _AFTER, _FINISH))
    # The constants are strings that the code has its hooks in place of, see `spliced`.
    first = "; ".join("%s = %r" % (name, "\0" + name) for name in hooks if hooks[name] is not None)
    first += "; %s = " % STATE + ("%s(%s)" % (_BEFORE, _arguments(code)) if before else "None")
    if hooks.get(_CAUGHT) is not None:
        _tell_caught(definition)
    if after:
        body = [_returning(statement) for statement in body]
        body += _placed(_parsed("%s(%s, None)" % (_AFTER, STATE)), place)
    if finish:
        # The state is let go of: a traceback may keep the frame.
        lines = "try:\n pass\nfinally:\n %s(%s)\n %s = None" % (_FINISH, STATE, STATE)
        wrapped = _placed(_parsed(lines), place)
        wrapped[0].body = body
        body = wrapped
    definition.body = _placed(_parsed(first), place) + body


def _tell_caught(node):
    """Each `except` of the function's own begins with `caught(state)`."""
    for field in node._fields:
        value = getattr(node, field, None)
        for item in value if isinstance(value, list) else [value]:
            kind = type(item).__name__
            if kind in ("FunctionDef", "AsyncFunctionDef", "ClassDef", "Lambda") or not hasattr(item, "_fields"):
                continue
            if kind == "ExceptHandler":
                item.body[:0] = _placed(_parsed("%s(%s)" % (_CAUGHT, STATE)), item.body[0])
            _tell_caught(item)


def _arguments(code):
    count = code.co_argcount
    names = list(code.co_varnames[:count])
    total = count + code.co_kwonlyargcount
    keywords = code.co_varnames[count:total]
    if code.co_flags & _VARARGS:
        names.append("*" + code.co_varnames[total])
        total += 1
    names += ["%s=%s" % (name, name) for name in keywords]
    if code.co_flags & _VARKEYWORDS:
        names.append("**" + code.co_varnames[total])
    return ", ".join(names)


def _returning(node):
    """Each `return x` of the function's own gives `return after(state, x)`."""
    kind = type(node).__name__
    if kind in ("FunctionDef", "AsyncFunctionDef", "ClassDef", "Lambda"):
        return node
    if kind == "Return":
        call = _parsed("return %s(%s, None)" % (_AFTER, STATE))[0]
        _place(call, node)
        if node.value is not None:
            call.value.args[1] = node.value
        return call
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            value[:] = [_returning(item) if hasattr(item, "_fields") else item for item in value]
    return node


def _parsed(text):
    # `return` stands in a function alone.
    lines = "\n".join(" " + line for line in text.split("\n"))
    return compile("def _():\n" + lines, "<simul>", "exec", _ONLY_AST, True).body[0].body


def _placed(nodes, like):
    for node in nodes:
        _place(node, like)
    return nodes


def _place(node, like):
    """Puts a node of ours, and all in it, at the place of another."""
    if hasattr(node, "lineno"):
        node.lineno = node.end_lineno = like.lineno
        node.col_offset = node.end_col_offset = like.col_offset
    for field in node._fields:
        value = getattr(node, field, None)
        for item in value if isinstance(value, list) else [value]:
            if hasattr(item, "_fields"):
                _place(item, like)


def _is_definition(node):
    return type(node).__name__ in ("FunctionDef", "AsyncFunctionDef")
