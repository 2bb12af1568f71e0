"""uvloop: its loop is compiled, and its handles cannot be seen into. So what it is given to call goes
through an object of ours that tells of the step, as `Handle._run` does in asyncio. Coroutines and
tasks stay as they are.
"""
from _simul import asyncio_hooks, asyncio_waits, sites
from _simul.asyncio_hooks import after_run, before_call_soon, before_run, callback_code
from _simul.state import agent, guarded


class Step:
    """A call that the loop makes: what the hooks know of a handle of asyncio's."""

    __slots__ = ("_callback", "_args")

    def __init__(self, callback, args):
        self._callback = callback
        self._args = args

    def __call__(self, *args):
        state = before_run(self)
        try:
            return self._callback(*args)
        finally:
            after_run(state)

    def __repr__(self):
        return repr(self._callback)


class TimedStep(Step):
    __slots__ = ("_when",)


def is_programs(callback):
    code = callback_code(callback)
    return code is not None and sites.info_of(code).is_user


_before_run_forever = guarded(asyncio_hooks.before_run_forever)
_after_run_forever = guarded(asyncio_hooks.after_run_forever)


def install(uvloop):
    loop = uvloop.Loop
    plain = {name: getattr(loop, name) for name in _NAMES if hasattr(loop, name)}

    def call_soon(self, callback, *args, context=None):
        if not agent.is_on or not callable(callback):
            return plain["call_soon"](self, callback, *args, context=context)
        before_call_soon(self, callback, args, context)
        return plain["call_soon"](self, Step(callback, args), *args, context=context)

    def call_soon_threadsafe(self, callback, *args, context=None):
        if not agent.is_on or not callable(callback):
            return plain["call_soon_threadsafe"](self, callback, *args, context=context)
        before_call_soon(self, callback, args, context)
        return plain["call_soon_threadsafe"](self, Step(callback, args), *args, context=context)

    def call_later(self, delay, callback, *args, context=None):
        if agent.is_on and is_programs(callback):
            callback = timed(callback, args)
        return plain["call_later"](self, delay, callback, *args, context=context)

    def call_at(self, when, callback, *args, context=None):
        if agent.is_on and is_programs(callback):
            callback = timed(callback, args)
        return plain["call_at"](self, when, callback, *args, context=context)

    def add_signal_handler(self, sig, callback, *args):
        # It is told that a coroutine is no handler; only what can be called is taken for one.
        if agent.is_on and is_programs(callback) and not _is_coroutine_function(callback):
            callback = Step(callback, args)
        return plain["add_signal_handler"](self, sig, callback, *args)

    def create_task(self, coro, **options):
        task = plain["create_task"](self, coro, **options)
        return asyncio_hooks.after_create_task(None, task) if agent.is_on else task

    def run_forever(self):
        state = _before_run_forever(self) if agent.is_on else None
        try:
            return plain["run_forever"](self)
        finally:
            _after_run_forever(state)

    def run_until_complete(self, future):
        return plain["run_until_complete"](self, future)

    for function in (
        *(call_soon, call_soon_threadsafe, call_later, call_at, add_signal_handler),
        *(create_task, run_forever, run_until_complete),
    ):
        name = function.__name__
        if name in plain:
            function.__doc__ = plain[name].__doc__
            function.__module__ = "uvloop.loop"
            function.__qualname__ = "Loop.%s" % name
            setattr(loop, name, function)
    # From these frames the loop's call is known.
    asyncio_waits.loop_runners.add(run_until_complete.__code__)
    sites.info_of(Step.__call__.__code__).is_edge = True


_NAMES = (
    *("call_soon", "call_soon_threadsafe", "call_later", "call_at", "add_signal_handler"),
    *("create_task", "run_forever", "run_until_complete"),
)


def timed(callback, args):
    step = TimedStep(callback, args)
    step._when = 0
    return step


def _is_coroutine_function(callback):
    code = callback_code(callback)
    return code is not None and bool(code.co_flags & 0x80)

