"""socketserver, and what is built on it: a server that is asked to stop by its own thread, one that
serves a connection after the other while somebody waits, and handlers that fail.
"""
import sys
from _thread import get_ident

from _simul import callback_errors, kinds, sites
from _simul.state import KINDS, S, agent, emit, guarded, text
from _simul.threading_hooks import itself, put_in

_MAX_FRAMES = 100
#: The other side has gone, which says nothing of the handler.
_GONE = (ConnectionError, TimeoutError)


class Server:
    """Of a server: the line that made it, and the thread and line that run it."""

    __slots__ = ("made", "thread", "line", "generation")

    def __init__(self, frame):
        self.made = (frame.f_code, frame.f_lineno)
        self.thread = self.line = None
        self.generation = agent.generation


def finish_made(server):
    frame = sites.user_frame(sys._getframe(1))
    if server is not None and frame is not None:
        # A class of the program's calls that of the library in its own `__init__`.
        while is_own_init(frame, server) and sites.user_frame(frame.f_back) is not None:
            frame = sites.user_frame(frame.f_back)
        server.__dict__["_simul"] = Server(frame)


def is_own_init(frame, server):
    return frame.f_code.co_name == "__init__" and frame.f_locals.get("self") is server


def before_serve(server, *_, **__):
    known = server.__dict__.get("_simul")
    if known is None:
        return None
    frame = sites.user_frame(sys._getframe(1))
    known.thread = get_ident()
    known.line = None if frame is None else (frame.f_code, frame.f_lineno)
    return known


def finish_serve(known):
    if known is not None:
        known.thread = None


def before_shutdown(server):
    known = server.__dict__.get("_simul")
    if known is None or known.thread != get_ident() or known.generation != agent.generation:
        return
    words = "%s|shutdown|serve_forever" % type(server).__name__
    called = sites.write_line_site(*(known.line or known.made))
    emit(KINDS["fact"], kinds.FACTS["waits-for-itself"], S.current, sites.caller_site(), text(words), called)


def before_error(server, *_):
    error = sys.exc_info()[1]
    entry = None if error is None or isinstance(error, _GONE) else error.__traceback__
    while entry is not None:
        code = entry.tb_frame.f_code
        if sites.info_of(code).is_user:
            what = "request handler of %s" % type(server).__name__
            callback_errors.tell(error, code, what, "socketserver")
            return
        entry = entry.tb_next


# ── when Ctrl-C comes ──────────────────────────────────────────────────────────────────


def note_busy(threads):
    """A server stands in one connection, and a thread of the same process waits for it with another.

    @param threads: (name, frames, the innermost first, task) of each thread
    """
    for name, frames, _ in threads:
        server, request = served(frames)
        if request is None:
            continue
        address = server.socket.getsockname()
        for _, their_frames, _ in threads:
            client = waiting_client(their_frames, address, request)
            if client is not None:
                tell_busy(server, name, frames, client, frames is their_frames)
                return


def served(frames):
    """The server that a thread runs, and the connection that it handles meanwhile; None: it does not."""
    request = None
    for frame, _ in frames:
        code = frame.f_code
        if code.co_name == "finish_request" and code.co_filename.endswith("socketserver.py"):
            request = frame.f_locals.get("request")
        elif code.co_name == "serve_forever" and code.co_filename.endswith("socketserver.py"):
            server = frame.f_locals.get("self")
            if getattr(server, "_simul", None) is None:
                return None, None
            return server, request
    return None, None


def waiting_client(frames, address, request):
    """The frame of the program's that waits for the server by another connection; None: it does not."""
    socket = sys.modules["socket"].socket
    for frame, _ in frames[:_MAX_FRAMES]:
        if frame.f_code.co_filename.endswith("_simul/socket_hooks.py"):
            its = frame.f_locals.get("self")
            if not isinstance(its, socket) or its.fileno() < 0:
                return None
            peer = its.getpeername()
            if peer[1:2] != address[1:2] or its.getsockname() == request.getpeername():
                return None
            return next(((f, line) for f, line in frames if sites.info_of(f.f_code).is_user), None)
    return None


def tell_busy(server, name, frames, client, is_own):
    busy = next((f for f, _ in frames if is_named(f.f_code)), None)
    is_idle = any(f.f_code.co_name == "handle_one_request" for f, _ in frames) and not any(
        f.f_code.co_name.startswith("do_") for f, _ in frames
    )
    where = "" if busy is None else sites.function_name(busy.f_code)
    state = "own" if is_own else "idle" if is_idle else "busy"
    words = "|".join((type(server).__name__, name, state, where))
    made = sites.write_line_site(*server._simul.made)
    site = sites.write_line_site(client[0].f_code, client[1])
    emit(KINDS["fact"], kinds.FACTS["one-at-a-time"], 0, site, text(words), made)


def is_named(code):
    return sites.info_of(code).is_user and not code.co_name.startswith("<")


def install(socketserver):
    base = socketserver.BaseServer
    rows = [
        (base, "__init__", itself, None, guarded(finish_made)),
        (base, "serve_forever", guarded(before_serve), None, guarded(finish_serve)),
        (base, "shutdown", guarded(before_shutdown), None, None),
        (base, "handle_error", guarded(before_error), None, None),
    ]
    put_in("socketserver", rows)
