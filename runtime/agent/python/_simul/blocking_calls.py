"""Calls of libraries that hold an event loop: a query, a request, a child that is waited for. Told is
the outermost of them, with the program's line, when a task of a loop makes it and it takes a while.
"""
from _simul import child_pipes, kinds, sites, socket_hooks
from _simul.blocking import end_block
from _simul.recorder import now
from _simul.stand_in import stand_in
from _simul.state import KINDS, S, emit, guarded, text
from _simul.threading_hooks import put_in

_MIN_NS = 5_000_000
_US = kinds.UNITS["us"]
_CALL = kinds.HOLDS["call"] << kinds.FLAGS["held"]["how"][0]
#: By module: classes ('' for the module itself) and their functions.
_CALLS = {
    "subprocess": (("Popen", "wait"), ("Popen", "communicate")),
    "urllib.request": (("", "urlopen"),),
    "http.client": (("HTTPConnection", "connect"), ("HTTPConnection", "getresponse")),
    "requests.sessions": (("Session", "request"),),
    # It reads all certificates; clients of HTTP make one each.
    "ssl": (("", "create_default_context"), ("SSLContext", "load_default_certs")),
}


def begin(name):
    """@returns what `finish` takes; None: it is not told"""
    number = S.current
    if number == 0 or S.is_waiting:
        return None
    if number == S.body:
        return socket_hooks.begin(name)
    S.is_waiting = True
    return (number, now(), name)


def finish(state):
    if state is None:
        return
    if len(state) > 3:
        end_block(state)
        return
    S.is_waiting = False
    number, since, name = state
    taken = now() - since
    if taken >= _MIN_NS:
        us = min(taken // 1000, 0xFFFFFFFF)
        emit(KINDS["held"], _US | _CALL, number, us, sites.caller_site(), text(name), 0, since)


def before(name):
    return guarded(lambda *_, **__: begin(name))


def install(module):
    if module.__name__ == "sqlite3.dbapi2":
        install_sqlite(module)
        return
    if module.__name__ == "subprocess":
        child_pipes.install(module)
    rows = []
    for owner_name, function in _CALLS[module.__name__]:
        owner = getattr(module, owner_name) if owner_name else module
        name = "%s.%s" % (owner_name, function) if owner_name else function
        if module.__name__ == "ssl" and not owner_name:
            name = "ssl." + name
        rows.append((owner, function, before(name), None, guarded(finish)))
    put_in(module.__name__, rows)


def install_sqlite(sqlite):
    """Connections and cursors of SQLite are of C: those that the program makes on an event loop are
    of a subclass that does the same."""
    import sys

    plain = sqlite.connect

    class Cursor(sqlite.Cursor):
        __slots__ = ()

        def execute(self, *args):
            return timed("sqlite3 execute", sqlite.Cursor.execute, self, args)

        def executemany(self, *args):
            return timed("sqlite3 executemany", sqlite.Cursor.executemany, self, args)

        def executescript(self, *args):
            return timed("sqlite3 executescript", sqlite.Cursor.executescript, self, args)

        def fetchall(self):
            return timed("sqlite3 fetchall", sqlite.Cursor.fetchall, self, ())

    class Connection(sqlite.Connection):
        def cursor(self, factory=Cursor):
            return sqlite.Connection.cursor(self, factory)

        def execute(self, *args):
            return timed("sqlite3 execute", sqlite.Connection.execute, self, args)

        def executemany(self, *args):
            return timed("sqlite3 executemany", sqlite.Connection.executemany, self, args)

        def executescript(self, *args):
            return timed("sqlite3 executescript", sqlite.Connection.executescript, self, args)

        def commit(self):
            return timed("sqlite3 commit", sqlite.Connection.commit, self, ())

    for own, theirs in ((Cursor, sqlite.Cursor), (Connection, sqlite.Connection)):
        own.__module__, own.__qualname__, own.__doc__ = theirs.__module__, theirs.__qualname__, theirs.__doc__

    def connect(_, *args, **options):
        if len(args) < 6 and "factory" not in options and is_timed(sys._getframe(1)):
            options["factory"] = Connection
        return plain(*args, **options)

    sqlite.connect = stand_in(plain, connect, "sqlite3.dbapi2", "connect")


@guarded
def is_timed(caller):
    """The program's own code makes it, in a task of a loop."""
    return S.current != 0 and S.current != S.body and sites.info_of(caller.f_code).is_user


begin_guarded, finish_guarded = guarded(begin), guarded(finish)


def timed(name, function, thing, args):
    state = begin_guarded(name)
    try:
        return function(thing, *args)
    finally:
        finish_guarded(state)
