"""multiprocessing.Pipe: who waits for what another process sends, and an end that the waiting process
has itself. While that is open, no `EOFError` comes, whoever else has closed it.
"""
import sys
import weakref

from _simul import kinds, sent_with_each, sites
from _simul.blocking import begin_block, end_block
from _simul.resources import note_resource, resource_of
from _simul.state import KINDS, S, agent, emit, guarded, quiet, text
from _simul.threading_hooks import put_in

_STREAM = kinds.RESOURCE_KINDS["stream"]
_OWN_FILES = ("multiprocessing/connection.py", "multiprocessing/context.py", "_simul/state.py")


class End:
    """Of one end of a pipe: the other one, where both were made, and under which name."""

    __slots__ = ("other", "place", "name", "sent", "told")

    def __init__(self, other, place, name):
        self.other, self.place, self.name = weakref.ref(other), place, name
        #: The generation of the process that has sent by it.
        self.sent = -1
        #: The line of which it was told that this process has the other end, and its generation.
        self.told = None


def after_pipe(state, ends):
    frame = programs_frame(sys._getframe(1))
    if frame is None or type(ends) is not tuple or len(ends) != 2:
        return ends
    place = (frame.f_code, frame.f_lineno)
    names = assigned_names(frame)
    for end, other, name in ((ends[0], ends[1], names[0]), (ends[1], ends[0], names[1])):
        end._simul_end = End(other, place, name)
        note_resource(end, _STREAM, None, name or "pipe")
    return ends


def programs_frame(frame):
    """The program's frame that calls; None: a queue, a pool or a manager does, for itself."""
    while frame is not None and not sites.info_of(frame.f_code).is_user:
        if not frame.f_code.co_filename.replace("\\", "/").endswith(_OWN_FILES):
            return None
        frame = frame.f_back
    return frame


def assigned_names(frame):
    """The variables of `receiver, sender = Pipe()`; empty ones: it is written otherwise."""
    target = sites.source_line(frame.f_code.co_filename, frame.f_lineno).partition("=")[0]
    names = [part.strip(" ()").rpartition(".")[2] for part in target.split(",")]
    return names if len(names) == 2 and all(name.isidentifier() for name in names) else ("", "")


def before_receive(end, *_):
    known = getattr(end, "_simul_end", None)
    if known is None or S.current == 0 or S.is_waiting:
        return None
    frame = programs_frame(sys._getframe(1))
    if frame is None:
        return None
    note_other_end(known, frame)
    resource = resource_of(end, _STREAM)
    return (begin_block("io", resource.id, "Connection.recv"), resource.id)


def note_other_end(known, frame):
    other = known.other()
    if other is None or other.closed:
        return
    its = getattr(other, "_simul_end", None)
    line = (frame.f_code, frame.f_lineno, agent.generation)
    if its is None or its.sent == agent.generation or known.told == line:
        return
    known.told = line
    made = sites.write_line_site(*known.place)
    emit(KINDS["fact"], kinds.FACTS["own-end-open"], S.current, sites.line_site(frame), text(its.name), made)


def finish_receive(state):
    if state is not None:
        end_block(state[0], 0, state[1])


def before_send(end, what, *_):
    note_sent(end)
    return sent_with_each.before_send(end, what)


def note_sent(end, *_):
    known = getattr(end, "_simul_end", None)
    if known is not None:
        known.sent = agent.generation


def install(connection):
    base = connection._ConnectionBase
    rows = [
        (base, "recv", guarded(before_receive), None, guarded(finish_receive)),
        (base, "recv_bytes", guarded(before_receive), None, guarded(finish_receive)),
        (base, "send", guarded(before_send), None, guarded(sent_with_each.finish_send)),
        (base, "send_bytes", guarded(note_sent), None, None),
        (getattr(connection, "Connection", None), "_send_bytes", guarded(sent_with_each.before_bytes), None, None),
        (connection, "Pipe", nothing, quiet(after_pipe), None),
    ]
    put_in("multiprocessing.connection", rows)


def nothing(*_, **__):
    return None
