"""Puts the hooks into modules of the standard library when they are first imported.

One finder looks for a handful of names and for nothing else; it finds a module as all others do
and lets its own loader run. The loader of the module stays the loader of the module.
"""
import sys
from importlib.machinery import PathFinder

from _simul.state import notice

#: A module, and the module of ours whose `install(module)` puts the hooks into it.
_HOOKS = {
    "asyncio": "_simul.asyncio_hooks",
    "uvloop": "_simul.uvloop_hooks",
    "threading": "_simul.threading_hooks",
    "copyreg": "_simul.thread_locks",
    "signal": "_simul.signal_handlers",
    "queue": "_simul.queue_hooks",
    "concurrent.futures._base": "_simul.executor_hooks",
    "concurrent.futures.thread": "_simul.executor_hooks",
    "concurrent.futures.process": "_simul.process_executor",
    "multiprocessing.process": "_simul.process_hooks",
    "multiprocessing.pool": "_simul.pool_hooks",
    "multiprocessing.queues": "_simul.mp_queue_hooks",
    "multiprocessing.connection": "_simul.pipe_hooks",
    "multiprocessing.managers": "_simul.manager_hooks",
    "sqlite3.dbapi2": "_simul.blocking_calls",
    "subprocess": "_simul.blocking_calls",
    "urllib.request": "_simul.blocking_calls",
    "http.client": "_simul.blocking_calls",
    "requests.sessions": "_simul.blocking_calls",
    "ssl": "_simul.blocking_calls",
    "aiohttp.client": "_simul.client_hooks",
    "aiohttp.streams": "_simul.client_hooks",
    "aiohttp.web_protocol": "_simul.client_hooks",
    "anyio._backends._asyncio": "_simul.client_hooks",
    "httpx._client": "_simul.client_hooks",
}

#: The same of packages that few programs have: ours is imported when theirs is.
_LATER = {
    "socket": "_simul.socket_hooks",
    "selectors": "_simul.socket_hooks",
    "socketserver": "_simul.server_hooks",
    "multiprocessing.synchronize": "_simul.shared_locks",
    "rq.job": "_simul.rq_hooks",
    **dict.fromkeys(
        (
            *("trio._core._run", "trio._timeouts", "trio._channel", "trio._sync", "trio._threads"),
            *("trio._subprocess", "trio._socket", "trio._highlevel_socket"),
        ),
        "_simul.trio_hooks",
    ),
    "rq.queue": "_simul.rq_hooks",
    "rq.worker": "_simul.rq_hooks",
    "celery.signals": "_simul.celery_hooks",
    "dramatiq.broker": "_simul.dramatiq_hooks",
    **dict.fromkeys(("arq.utils", "arq.connections", "arq.jobs", "arq.worker"), "_simul.arq_hooks"),
    "bullmq.queue": "_simul.bullmq_hooks",
    "bullmq.flow_producer": "_simul.bullmq_hooks",
    "bullmq.worker": "_simul.bullmq_hooks",
    "bullmq.job": "_simul.bullmq_hooks",
    "bullmq.backends.redis_backend": "_simul.bullmq_hooks",
}


#: What is not seen into, and what the recording says of it when it is imported.
_UNSEEN = {
    "curio": "curio is not seen into: its tasks are missing",
    "gevent": "gevent is not seen into: its greenlets are missing",
    "eventlet": "eventlet is not seen into: its greenlets are missing",
}


class _Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        words = _UNSEEN.pop(name, None)
        if words is not None:
            notice(words)
        hook = _HOOKS.pop(name, None)
        if hook is None:
            later = _LATER.pop(name, None)
            hook = None if later is None else _imported(later)
        if hook is None:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            _after_exec(spec.loader, name, hook)
        return spec


def _imported(name):
    """A module of ours: the package knows its folder, which has left the path."""
    import importlib

    try:
        return importlib.import_module(name)
    except Exception as error:
        # Where files of ours cannot be read any more.
        notice("%s did not load: %s: %s" % (name, type(error).__name__, error))
        return None


def watch():
    # Ours are loaded now: the folder leaves the path.
    import importlib

    for name in list(_HOOKS):
        hook = _HOOKS[name]
        try:
            module = importlib.import_module(hook)
        except ImportError:
            del _HOOKS[name]
            continue
        _HOOKS[name] = module
        if name in sys.modules:
            _install(_HOOKS.pop(name), sys.modules[name])
    for name in [name for name in _LATER if name in sys.modules]:
        hook = _imported(_LATER.pop(name))
        if hook is not None:
            _install(hook, sys.modules[name])
    sys.meta_path.insert(0, _Finder)


def when_loaded(name, hook):
    """`hook.install` gets the module when it is imported, or now."""
    if name in sys.modules:
        _install(hook, sys.modules[name])
    else:
        _HOOKS[name] = hook


def _after_exec(loader, name, hook):
    plain = loader.exec_module

    def exec_module(module):
        # The loader is as it was before the module sees it.
        del loader.exec_module
        plain(module)
        _install(hook, module)

    loader.exec_module = exec_module


def _install(hook, module):
    try:
        hook.install(module)
    except Exception as error:
        # Of a package another version may be there, or another package of its name.
        notice("%s is not seen into: %s: %s" % (module.__name__, type(error).__name__, error))
