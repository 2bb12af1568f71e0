"""Clients and servers of the network: what they wait for, sessions that are never closed (aiohttp),
answers that keep a connection (httpx).
"""
import sys

from _simul import anyio_hooks, kinds, sites
from _simul.asyncio_waits import learn, shared
from _simul.state import KINDS, S, emit, guarded, quiet, text
from _simul.threading_hooks import itself, put_in

_FACTS = kinds.FACTS
_MAX_OPEN = 1000


def finish_session(session):
    frame = sites.user_frame(sys._getframe(1))
    if session is not None and frame is not None:
        # Not by setattr, of which a session warns.
        session.__dict__["_simul_made"] = (sites.line_site(frame), sites.function_name(frame.f_code))


_unclosed = {}


def before_del(session, *_, **__):
    made = session.__dict__.get("_simul_made")
    if made is not None and not session.closed:
        site, function = made
        count = _unclosed[site] = _unclosed.get(site, 0) + 1
        words = text("%s|%s" % (type(session).__name__, function))
        emit(KINDS["fact"], _FACTS["never-closed"], 0, site, words, 0, count)


# ── httpx ──────────────────────────────────────────────────────────────────────────────


class OpenAnswer:
    """An answer that was asked for as a stream, and has its connection until it is closed."""

    __slots__ = ("site", "is_closed")

    def __init__(self, site):
        self.site = site
        self.is_closed = False


def finish_client(client):
    frame = sites.user_frame(sys._getframe(1))
    if client is not None and frame is not None:
        client.__dict__["_simul_name"] = sites.assigned_name(frame)


def before_send(client, request, *, stream=False, **_):
    return (client, sites.caller_site(), stream)


def after_send(state, response):
    client, site, stream = state
    if stream and not response.is_closed:
        answer = response.__dict__["_simul_answer"] = OpenAnswer(site)
        answers = client.__dict__.setdefault("_simul_answers", [])
        answers[:] = [each for each in answers if not each.is_closed][-_MAX_OPEN:]
        answers.append(answer)
    return response


def finish_send(state):
    if state is None or type(sys.exc_info()[1]).__name__ != "PoolTimeout":
        return
    client, site, _ = state
    held = [each for each in client.__dict__.get("_simul_answers", ()) if not each.is_closed]
    if held:
        name = client.__dict__.get("_simul_name") or type(client).__name__
        words = text(name)
        emit(KINDS["fact"], _FACTS["connections-held"], S.current, site, words, held[0].site, len(held))


def before_close(response):
    answer = response.__dict__.get("_simul_answer")
    if answer is not None:
        answer.is_closed = True


# ── what they wait for ─────────────────────────────────────────────────────────────────

#: By module: methods of its classes that wait for the network, and what that is called.
_NETWORK = {
    "aiohttp.streams": ("aiohttp stream", {"DataQueue": ("read",), "StreamReader": ("_wait",)}),
    "aiohttp.web_protocol": ("aiohttp request", {"RequestHandler": ("start",)}),
    "anyio._backends._asyncio": (
        "anyio stream",
        {
            "SocketStream": ("receive", "send"),
            "UNIXSocketStream": ("receive", "send"),
            "TCPSocketListener": ("accept",),
            "UNIXSocketListener": ("accept",),
            "UDPSocket": ("receive", "send"),
        },
    ),
}


def learn_network(module):
    what, classes = _NETWORK[module.__name__]
    for name, methods in classes.items():
        owner = getattr(module, name, None)
        if owner is not None:
            learn(owner, {method: shared("io", what) for method in methods})


def install(module):
    if module.__name__ in _NETWORK:
        learn_network(module)
        if module.__name__.startswith("anyio."):
            anyio_hooks.install(module)
        return
    if module.__name__ == "aiohttp.client":
        session = module.ClientSession
        rows = [
            (session, "__init__", itself, None, guarded(finish_session)),
            (session, "__del__", guarded(before_del), None, None),
        ]
    else:
        rows = [(module.Response, name, guarded(before_close), None, None) for name in ("close", "aclose")]
        for client in (module.Client, module.AsyncClient):
            rows.append((client, "__init__", itself, None, guarded(finish_client)))
            rows.append((client, "send", guarded(before_send), quiet(after_send), guarded(finish_send)))
    put_in(module.__name__, rows)
