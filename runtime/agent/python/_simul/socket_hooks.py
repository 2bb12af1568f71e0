"""Sockets and selectors: who stands in a read, a write, a connect or an accept, and at which line.

The calls of a socket are of C: the class `socket.socket`, which is of Python, gets methods that do
the same. Those of a socket that does not block are left alone, as are the event loops' own.
"""
import sys

from _simul import kinds, lifecycle, sites
from _simul.blocking import begin_block, end_block
from _simul.resources import begin_resource
from _simul.state import S, agent, guarded
from _simul.threading_hooks import put_in

_IO = kinds.RESOURCE_KINDS["io"]
_READS = ("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg", "recvmsg_into")
_WRITES = ("send", "sendall", "sendto", "sendmsg", "connect")
_SELECTORS = ("SelectSelector", "_PollLikeSelector", "EpollSelector", "KqueueSelector")

#: Up to 3.10 a method of ours would stand in the tracebacks of errors that the program catches.
CAN_HIDE = sys.version_info >= (3, 11)


def shared_wait(name):
    """What waits of one name are for: one resource for all of them."""
    known = _shared.get(name)
    if known is None or known[0] != agent.generation:
        known = _shared[name] = (agent.generation, begin_resource(_IO, name))
    return known[1]


_shared = {}


@guarded
def begin(name):
    """@returns what `end_block` takes; None: nothing is recorded"""
    frame = sites.user_frame(sys._getframe(2))
    if frame is None and S.current != S.body:
        return None
    # A thread that the program began may run a library's code alone.
    site = 0 if frame is None else sites.line_site(frame)
    return begin_block("io", shared_wait(name), name, False, site)


end = guarded(end_block)


def begin_body(name):
    """The same, of a thread's own code alone: what an event loop does in between is its own."""
    if S.current == 0 or S.current != S.body or S.is_waiting:
        return None
    return begin(name)


def watched(plain, name):
    """A method of `socket.socket` that does what `plain` does."""
    full = "socket." + name

    def method(self, *args, **options):
        is_told = S.current == 0 or S.is_waiting or self.gettimeout() == 0
        block = None if is_told else begin(full)
        try:
            return plain(self, *args, **options)
        except OSError as error:
            # Ours is no entry of the program's traceback.
            error.__traceback__ = None
            raise
        except KeyboardInterrupt as error:
            # Now, as long as the socket is open.
            lifecycle.note_interrupt(error)
            raise
        finally:
            end(block)

    method.__name__, method.__doc__ = name, plain.__doc__
    method.__qualname__, method.__module__ = full, "socket"
    return method


def install(module):
    if module.__name__ == "selectors":
        rows = []
        for name in _SELECTORS:
            owner = getattr(module, name, None)
            rows.append((owner, "select", lambda *_, **__: begin_body("select"), None, end))
        put_in("selectors", rows)
        return
    rows = [(module.socket, "accept", lambda sock: accepting(sock), None, end)]
    if not CAN_HIDE:
        for name in ("readinto", "write"):
            rows.append((module.SocketIO, name, lambda file, _: file_call(file), None, end))
        put_in("socket", rows)
        return
    base = module.socket.__mro__[1]
    for name in _READS + _WRITES:
        plain = getattr(base, name, None)
        if plain is not None and name not in module.socket.__dict__:
            setattr(module.socket, name, watched(plain, name))
    put_in("socket", rows)


def file_call(file):
    return None if S.current == 0 or S.is_waiting else begin("socket.makefile")


def accepting(sock):
    if S.current == 0 or S.is_waiting or sock.gettimeout() == 0:
        return None
    return begin("socket.accept")
