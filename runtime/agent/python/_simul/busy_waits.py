"""Loops that ask again and again, and give their turn away in between: `await asyncio.sleep(0)`. The
event loop never sleeps meanwhile.

    while not queue:                  while True:
        await asyncio.sleep(0)            if queue: …
                                          else: await asyncio.sleep(0)
"""
from _simul import kinds, lifecycle, sites
from _simul.recorder import now
from _simul.source_notes import FUNCTIONS, children, kind_of, name_of, tree_of, walk
from _simul.state import KINDS, agent, emit, text

#: So many turns of a task at one line are looked at together.
STEP = 1024
_MAX_SITES = 1000
#: By line: what is known of its turns; None: it does not only ask.
_spins = {}


class Spin:
    __slots__ = ("site", "task", "words", "count", "ns", "told")

    def __init__(self, site, task, words):
        self.site, self.task, self.words = site, task, words
        self.count = self.ns = self.told = 0

    def tell(self):
        self.told = self.count
        words = text("%s|%d" % (self.words, self.ns // 1000))
        emit(KINDS["fact"], kinds.FACTS["busy-wait"], self.task, self.site, words, 0, self.count)


def note_turns(state, frame, site):
    """A task has given its turn away so many times at one line, and nothing else between."""
    t = now()
    since, state.turning = state.turning, t
    key = (agent.generation, site)
    spin = _spins.get(key, ())
    if spin == ():
        if len(_spins) >= _MAX_SITES:
            return
        asked = asked_for(frame.f_code, frame.f_lineno)
        words = None if asked is None else "%s|%s" % (asked, sites.function_name(frame.f_code))
        spin = _spins[key] = None if words is None else Spin(site, state.id, words)
    if spin is None:
        return
    spin.count += STEP
    # How long the first of them took is not known.
    if state.turns > STEP:
        spin.ns += t - since
    turns = spin.count // STEP
    if turns & (turns - 1) == 0:
        spin.tell()


def tell_all():
    for (generation, _), spin in list(_spins.items()):
        if spin is not None and generation == agent.generation and spin.count > spin.told:
            spin.tell()


lifecycle.at_end(tell_all)


def asked_for(code, line):
    """What the loop asks for whose turn ends at a line and has done nothing; '': it has no name;
    None: the turn does something."""
    tree = tree_of(code)
    if tree is None:
        return None
    for loop in walk(tree):
        if kind_of(loop) == "While" and loop.lineno <= line <= getattr(loop, "end_lineno", line):
            found = asked_in(loop.body, line, loop.test)
            if found is not None:
                return found
    return None


def asked_in(block, line, test):
    """@param test: the condition, or the statements, whose outcome leads to the block"""
    for i, statement in enumerate(block):
        if kind_of(statement) in FUNCTIONS or not has_line(statement, line):
            continue
        if kind_of(statement) == "Expr":
            rest = block[:i] + block[i + 1 :]
            return first_name(test) if all(kind_of(part) in ("Pass", "Continue") for part in rest) else None
        if kind_of(statement) == "If":
            if any(has_line(part, line) for part in statement.orelse):
                return asked_in(statement.orelse, line, statement.test)
            # Behind it the turn goes on, if it is not left.
            is_last = kind_of(statement.body[-1]) == "Continue" or statement.orelse
            return asked_in(statement.body, line, statement.test) if is_last else None
        if kind_of(statement) == "Try":
            for handler in statement.handlers:
                if any(has_line(part, line) for part in handler.body):
                    return asked_in(handler.body, line, statement.body)
        return None
    return None


def has_line(node, line):
    return node.lineno <= line <= getattr(node, "end_lineno", node.lineno)


def first_name(test):
    """What a condition looks at, or what the statements call."""
    for node in test if isinstance(test, list) else [test]:
        for part in looked_at(getattr(node, "value", node) if isinstance(test, list) else node):
            name = name_of(part)
            if name:
                return name
    return ""


def looked_at(node):
    """Names, attributes, and what methods are called on."""
    if kind_of(node) in ("Name", "Attribute"):
        yield node
        return
    if kind_of(node) == "Call":
        yield node.func.value if kind_of(node.func) == "Attribute" else node.func
        return
    for child in children(node):
        yield from looked_at(child)
