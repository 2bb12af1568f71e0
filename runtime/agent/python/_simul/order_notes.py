"""Results that are collected in the order in which they are done, and then paired with what they are
of by their place:

    for future in as_completed(futures):          sizes = list(pool.imap_unordered(size, pages))
        scores.append(future.result())            for page, size in zip(pages, sizes): …
    return list(zip(answers, scores))

Whether they are is read from the source, of the function that collects and of the one that called it.
It is told when they were done in another order than they were begun in.
"""
import sys

from _simul import kinds, sites
from _simul.source_notes import every_node, kind_of, name_of, tree_of, walk
from _simul.splice import NotSpliced, parse_file
from _simul.state import KINDS, S, emit, text

_COMPREHENSIONS = ("ListComp", "GeneratorExp", "SetComp")
_MAX_CALLERS = 3
_MAX_KNOWN = 1000
_MAX_ORDERS = 1000
#: By code and line of what gives results as they come: how they are used, and the sites; None: well.
_known = {}


class Pairing:
    """Where the results are paired: `code` and `line`; `results` and `others` are variables."""

    __slots__ = ("code", "line", "results", "others")

    def __init__(self, code, line, results, others):
        self.code, self.line, self.results, self.others = code, line, results, others


class Order:
    """The results of one call: whether they come in the order of their numbers."""

    __slots__ = ("pairing", "site", "task", "how", "last")

    def __init__(self, pairing, site, how):
        self.pairing, self.site, self.how = pairing, site, how
        self.task = S.current
        self.last = -1

    def done(self, number):
        """One is done. It is told when that is the first which comes before its turn."""
        if number < self.last and self.pairing is not None:
            pairing, self.pairing = self.pairing, None
            called = sites.write_line_site(pairing.code, pairing.line)
            words = "%s|%s|%s" % (pairing.results, pairing.others, self.how)
            emit(KINDS["fact"], kinds.FACTS["completion-order"], self.task, self.site, text(words), called)
        self.last = max(self.last, number)


def order_of(frame, how):
    """@param frame: innermost of the program's that asks for results. @returns None: they are used well"""
    frame = own_frame(frame)
    if frame is None:
        return None
    key = (frame.f_code, frame.f_lineno)
    pairing = _known.get(key, ())
    if pairing == ():
        if len(_known) >= _MAX_KNOWN:
            return None
        pairing = _known[key] = pairing_of(frame, how)
    return None if pairing is None else Order(pairing, sites.line_site(frame), how)


def own_frame(frame):
    """That of the function, where a comprehension has one of its own."""
    while frame is not None and frame.f_code.co_name in ("<listcomp>", "<setcomp>", "<genexpr>", "<dictcomp>"):
        frame = sites.user_frame(frame.f_back)
    return frame


def pairing_of(frame, how):
    tree = tree_or_file(frame.f_code)
    if tree is None:
        return None
    collected = collections(tree, frame.f_lineno, how)
    for _ in range(_MAX_CALLERS):
        found = paired(tree, collected, frame.f_lineno)
        if found is not None:
            return Pairing(frame.f_code, *found)
        if not is_returned(tree, collected):
            return None
        called = frame.f_code.co_name
        frame = own_frame(sites.user_frame(frame.f_back))
        tree = None if frame is None else tree_or_file(frame.f_code)
        if tree is None:
            return None
        collected = Collected(results_of_call(tree, frame.f_lineno, called), set())
    return None


def tree_or_file(code):
    if code.co_name != "<module>":
        return tree_of(code)
    try:
        return parse_file(code)
    except (NotSpliced, SyntaxError, ValueError):
        return None


class Collected:
    """`names`: variables with the results; `nodes`: expressions that give them; `beside`: lists that
    are filled beside them, in the same order."""

    def __init__(self, found, beside):
        self.names = {each for each in found if type(each) is str}
        self.nodes = [each for each in found if type(each) is not str]
        self.beside = beside


def collections(tree, line, how):
    found, beside = [], set()
    for node in walk(tree):
        kind = kind_of(node)
        if kind in ("For", "AsyncFor") and gives(node.iter, line, how):
            collect_appends(node, found, beside)
        elif kind in _COMPREHENSIONS and gives(node.generators[0].iter, line, how):
            target = node.generators[0].target
            if kind_of(target) == "Name" and is_bare(node.elt, {target.id}):
                found.append(node)
        elif kind == "Call" and name_of(node.func) in ("list", "tuple", "sorted") and node.args:
            if is_call_of(node.args[0], line, how) and name_of(node.func) != "sorted":
                found.append(node)
        elif is_call_of(node, line, how):
            found.append(node)
    return Collected(with_variables(tree, found), beside)


def is_call_of(node, line, how):
    if kind_of(node) != "Call" or not node.lineno <= line <= getattr(node, "end_lineno", node.lineno):
        return False
    return getattr(node.func, "attr", name_of(node.func)) == how


def gives(node, line, how):
    """Also behind what shows progress: `tqdm(as_completed(futures))`."""
    return is_call_of(node, line, how) or (
        kind_of(node) == "Call" and bool(node.args) and gives(node.args[0], line, how)
    )


def collect_appends(loop, found, beside):
    if kind_of(loop.target) != "Name":
        return
    known = {loop.target.id}
    for statement in loop.body:
        for part in walk(statement):
            if kind_of(part) == "Assign" and kind_of(part.targets[0]) == "Name" and is_bare(part.value, known):
                known.add(part.targets[0].id)
            if kind_of(part) == "Call" and getattr(part.func, "attr", "") == "append" and part.args:
                name = name_of(part.func.value)
                if name and is_bare(part.args[0], known):
                    found.append(name)
                elif name:
                    beside.add(name)


def is_bare(node, known):
    """A result and nothing that says what it is of."""
    names = [part.id for part in walk(node) if kind_of(part) == "Name"]
    return bool(names) and set(names) <= known


def with_variables(tree, found):
    """Also the variables that are assigned what gives the results."""
    nodes = [each for each in found if type(each) is not str]
    names = [each for each in found if type(each) is str]
    for node in walk(tree):
        if kind_of(node) == "Assign" and any(node.value is each for each in nodes):
            names += [name_of(target) for target in node.targets if name_of(target)]
    return names + nodes


def is_returned(tree, collected):
    return any(kind_of(node) == "Return" and is_result(node.value, collected) for node in walk(tree))


def is_result(node, collected):
    if node is None:
        return False
    return any(node is each for each in collected.nodes) or name_of(node) in collected.names


def results_of_call(tree, line, name):
    """Of a caller: what it does with what the function of that name gave it."""
    found = []
    for node in walk(tree):
        value = node.value if kind_of(node) == "Await" else node
        if is_call_of(value, line, name):
            found += [node, value]
    return with_variables(tree, found)


def paired(tree, collected, line):
    """The first line that pairs the results by their place, and both variables; None: none does."""
    for node in walk(tree):
        if kind_of(node) == "Call" and name_of(node.func) == "zip" and len(node.args) > 1:
            results = [arg for arg in node.args if is_result(arg, collected)]
            others = [arg for arg in node.args if not is_result(arg, collected) and is_other(arg, collected)]
            if results and others and getattr(node, "end_lineno", node.lineno) >= line:
                return node.lineno, name_of(results[0]) or "results", name_of(others[0])
        elif kind_of(node) == "For" and node.lineno > line:
            found = numbered(node, collected)
            if found is not None:
                return (node.lineno, *found)
    return None


def is_other(node, collected):
    name = name_of(node)
    return bool(name) and name not in collected.beside


def numbered(loop, collected):
    """`for i, score in enumerate(scores)`, and then `answers[i]`."""
    call, target = loop.iter, loop.target
    if kind_of(call) != "Call" or name_of(call.func) != "enumerate" or not call.args:
        return None
    if not is_result(call.args[0], collected) or kind_of(target) != "Tuple" or kind_of(target.elts[0]) != "Name":
        return None
    for statement in loop.body:
        for part in walk(statement):
            if kind_of(part) == "Subscript" and any(name_of(each) == target.elts[0].id for each in every_node(part.slice)):
                if is_other(part.value, collected) and name_of(part.value) not in collected.names:
                    return name_of(call.args[0]) or "results", name_of(part.value)
    return None


# ── who is done when ───────────────────────────────────────────────────────────────────

_numbers = iter(range(sys.maxsize)).__next__


def begin(future):
    """A call is given to a pool."""
    future._simul_number = _numbers()


def end(future):
    future._simul_done = _numbers()
    order = getattr(future, "_simul_order", None)
    if order is not None:
        order.done(future._simul_number)


def finish_acquired(acquired):
    """What `as_completed` of concurrent.futures begins with: it has all its futures."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_name in ("run", "__init__"):
        frame = frame.f_back
    if frame is None or frame.f_code.co_name != "as_completed" or S.current == 0:
        return
    futures = [each for each in getattr(acquired, "futures", ()) if hasattr(each, "_simul_number")]
    user = sites.user_frame(frame.f_back)
    order = order_of(user, "as_completed") if user is not None and len(futures) > 1 else None
    if order is None:
        return
    done = [each for each in futures if hasattr(each, "_simul_done")]
    for future in sorted(done, key=lambda each: each._simul_done):
        order.done(future._simul_number)
    for future in futures:
        if not hasattr(future, "_simul_done"):
            future._simul_order = order


#: Of asyncio's as_completed: by the id of a coroutine, the order and its number in it.
waited = {}


def before_as_completed(fs, **_):
    user = sites.user_frame(sys._getframe(1))
    if user is None or type(fs) not in (list, tuple) or len(fs) < 2 or len(waited) >= _MAX_ORDERS:
        return
    order = order_of(user, "as_completed")
    if order is None:
        return
    for number, each in enumerate(fs):
        coro = each.get_coro() if hasattr(each, "get_coro") else each
        if coro is not None:
            waited[id(coro)] = (order, number)


def end_coroutine(coro):
    """It has ended, and is in `waited` perhaps."""
    found = waited.pop(id(coro), None)
    if found is not None:
        order, number = found
        order.done(number)
