"""trio: its tasks, through the instrument that it has for tools, and what each waits for.

An instrument is told of each step, and no task or coroutine is touched. What a task waits for is read
from where it rests: the function of trio's that the program's own line awaits.
"""
import sys
import weakref
from types import CoroutineType, GeneratorType

from _simul import kinds, sites
from _simul.asyncio_waits import shared
from _simul.lifecycle import failure_site
from _simul.resources import Resource, begin_resource
from _simul.splice import NotSpliced, spliced
from _simul.state import KINDS, OWN_ERRORS, S, agent, emit, error_words, fault, guarded, notice, quiet, text
from _simul.task_names import coroutine_name, function_named
from _simul.threading_hooks import itself, put_in

_REASONS, _RESOURCES = kinds.REASONS, kinds.RESOURCE_KINDS
_TASK_KIND = kinds.ACTIVATION_KINDS["async-task"]
_READY = 1 << kinds.FLAGS["activationBegin"]["ready"][0]
_KNOWN = kinds.WAKERS["known"]
_OUTCOMES = kinds.OUTCOMES
_YIELD = 1 << kinds.FLAGS["wait"]["yield"][0]
_GROUP = kinds.GROUP_KINDS["task-group"]

#: By the id of a task or of one of trio's objects, which have no room for more: what is known of it.
_tasks = {}
_things = {}


class _Task:
    __slots__ = ("id", "generation", "is_waiting", "previous", "canceller", "site")

    def __init__(self, number, site):
        self.id = number
        self.generation = agent.generation
        self.site = site
        self.is_waiting = False
        self.previous = 0
        self.canceller = 0


def task_of(task):
    known = _tasks.get(id(task))
    return known if known is not None and known.generation == agent.generation else None


def resource_for(thing, kind, capacity=None):
    """Of a lock, channel or nursery; it begins when it is first met."""
    known = _things.get(id(thing))
    if known is not None and known[0]() is thing and known[1].generation == agent.generation:
        return known[1]
    frame = sites.user_frame(sys._getframe(1))
    name = "" if frame is None else sites.assigned_name(frame)
    site = 0 if frame is None else sites.line_site(frame)
    name = name or type(thing).__name__.replace("MemoryChannelState", "channel").lower()
    resource = Resource(begin_resource(kind, name, site, capacity), name, site)
    _things[id(thing)] = (weakref.ref(thing, _forget(id(thing))), resource)
    return resource


def _forget(number):
    def forget(_):
        _things.pop(number, None)

    return forget


# ── steps ──────────────────────────────────────────────────────────────────────────────


def quietly(method):
    def run(self, *args):
        try:
            if agent.is_on:
                method(self, *args)
        except OWN_ERRORS as error:
            fault(error)

    run.__name__ = method.__name__
    return run


class Instrument:
    """What trio calls; the methods are those of `trio.abc.Instrument`."""

    @quietly
    def task_spawned(self, task):
        nursery = task.parent_nursery
        parent = None if nursery is None else task_of(nursery.parent_task)
        if parent is None and is_own(task.coro):
            return
        name, site = coroutine_name(None, task.coro)
        # trio names a task after its function, unless the program gives a name.
        given = str(task.name)
        if not given.endswith(str(getattr(task.coro, "__qualname__", ""))):
            name, code = function_named(given)
            if code is not None and sites.info_of(code).is_user:
                site = sites.function_site(code)
        known = _tasks[id(task)] = _Task(agent.next_id(), site)
        by = parent.id if parent is not None else S.body
        emit(KINDS["activationBegin"], _TASK_KIND | _READY, known.id, by, site, text(name[:200]), 0)
        if parent is None:
            begin_run(known)
        else:
            group = resource_for(nursery, _RESOURCES["group"])
            emit(KINDS["group"], _GROUP, parent.id, group.id, known.id, 0, 0)

    @quietly
    def task_scheduled(self, task):
        known = task_of(task)
        if known is not None and known.is_waiting:
            known.is_waiting = False
            site = sites.caller_site() if S.current != 0 else 0
            emit(KINDS["wake"], 0, known.id, S.current, 0, site)

    @quietly
    def before_task_step(self, task):
        known = task_of(task)
        if known is not None:
            known.previous = S.current
            S.current = known.id
            emit(KINDS["run"], 0, known.id)

    @quietly
    def after_task_step(self, task):
        known = task_of(task)
        if known is None or S.current != known.id:
            return
        S.current = known.previous
        reason, site, target = wait_of(task.coro, known)
        known.is_waiting = reason & _YIELD == 0
        emit(KINDS["wait"], reason, known.id, site, target)


def is_own(coro):
    """trio's first task, and those of its system."""
    code = getattr(coro, "cr_code", None)
    return code is not None and "/trio/_core/" in code.co_filename


def before_exit(runner, task, outcome):
    known = _tasks.pop(id(task), None)
    if known is None or known.generation != agent.generation:
        return
    if S.current == known.id:
        S.current = known.previous
    error = getattr(outcome, "error", None)
    end, words, site, by = _OUTCOMES["ok"], 0, 0, 0
    if error is not None:
        is_cancelled = is_cancellation(error)
        end = _OUTCOMES["cancelled" if is_cancelled else "error"]
        if is_cancelled:
            by = known.canceller
        else:
            words, site = text(error_words(error)), failure_site(error.__traceback__)
    emit(KINDS["activationEnd"], end, known.id, words, site, by)


def is_cancellation(error):
    """Also a group of nothing else, which a nursery makes of it."""
    if type(error).__name__ == "Cancelled":
        return True
    inner = getattr(error, "exceptions", None)
    return type(inner) is tuple and all(is_cancellation(each) for each in inner)


def wait_of(coro, known):
    """Flags, site and target of a task's wait."""
    user = own = None
    while type(coro) in (CoroutineType, GeneratorType):
        is_coroutine = type(coro) is CoroutineType
        frame = coro.cr_frame if is_coroutine else coro.gi_frame
        if frame is None:
            break
        info = sites.info_of(frame.f_code)
        if info.is_user:
            user, own = (frame, info), None
        elif own is None and info.wait is not None:
            own = (frame, info)
        coro = coro.cr_await if is_coroutine else coro.gi_yieldfrom
    site = known.site if user is None else sites.await_site(user[1], user[0])[0]
    if own is None:
        # A checkpoint, at which every function of trio's gives others their turn.
        return _REASONS["value"] | _YIELD, site, 0
    reason, target = own[1].wait(own[0], None, own[1])
    return reason, site, target


# ── what is waited for ─────────────────────────────────────────────────────────────────


def held_by(reason_name, kind_name, attribute=None):
    """A wait for an object whose method the frame of trio's runs, or for one that it has."""
    reason, kind = _REASONS[reason_name], _RESOURCES[kind_name]

    def wait(frame, future, info):
        thing = frame.f_locals.get("self")
        if attribute is not None:
            thing = getattr(thing, attribute, None)
        return reason, 0 if thing is None else resource_for(thing, kind).id

    return wait


def of_channel(reason_name):
    def wait(frame, future, info):
        state = getattr(frame.f_locals.get("self"), "_state", None)
        return _REASONS[reason_name], 0 if state is None else channel_resource(state)

    return wait


def _waits():
    timer, io = shared("timer", "trio.sleep"), shared("io", "trio socket")
    return {
        "trio._timeouts": {"": dict.fromkeys(("sleep", "sleep_until", "sleep_forever"), timer)},
        "trio._channel": {
            "MemorySendChannel": {"send": of_channel("queue-put")},
            "MemoryReceiveChannel": {"receive": of_channel("queue-get")},
        },
        "trio._sync": {
            "Event": {"wait": held_by("event", "event")},
            "_LockImpl": {"acquire": held_by("lock", "lock")},
            "Semaphore": {"acquire": held_by("semaphore", "semaphore")},
            "CapacityLimiter": {
                "acquire_on_behalf_of": held_by("semaphore", "semaphore"),
            },
            "Condition": {"wait": held_by("condition", "condition")},
        },
        "trio._core._run": {
            "NurseryManager": {"__aexit__": held_by("group", "group", "_nursery")},
        },
        "trio._threads": {"": {"to_thread_run_sync": shared("future", "trio.to_thread")}},
        "trio._subprocess": {"Process": {"wait": shared("io", "trio process")}},
        "trio._socket": {
            "_SocketType": dict.fromkeys(
                ("_nonblocking_helper", "connect", "accept", "recv", "recv_into", "recvfrom", "send", "sendto"), io
            ),
        },
        "trio._highlevel_socket": {
            "SocketStream": dict.fromkeys(("send_all", "receive_some"), io),
            "SocketListener": {"accept": io},
        },
    }


def unwrapped(function):
    """Below the decorators by which trio protects itself against Ctrl-C."""
    for _ in range(4):
        inner = getattr(function, "__wrapped__", None)
        if inner is None:
            break
        function = inner
    return function


def learn(module, table):
    for name, waits in table.items():
        owner = vars(module) if name == "" else vars(getattr(module, name, object))
        for member, wait in waits.items():
            code = getattr(unwrapped(owner.get(member)), "__code__", None)
            if code is not None:
                sites.info_of(code).wait = wait


# ── what moves ─────────────────────────────────────────────────────────────────────────


def channel_resource(state):
    bound = state.max_buffer_size
    capacity = int(bound) if 0 < bound < 0x7FFFFFFF else None
    return resource_for(state, _RESOURCES["queue"], capacity).id


def note_moved(kind, by, state):
    emit(KINDS[kind], 0, by, channel_resource(state), len(state.data))


def first_of(waiting):
    """The task that has waited longest at a channel; 0: none waits."""
    known = task_of(next(iter(waiting))) if waiting else None
    return 0 if known is None else known.id


def before_send(channel, value):
    return (channel._state, first_of(channel._state.receive_tasks))


def after_send(state, value):
    if state is not None and agent.is_on:
        note_moved("put", S.current, state[0])
        if state[1]:
            # It went past the buffer, to a task that waited.
            note_moved("get", state[1], state[0])
    return value


def before_receive(channel):
    return (channel._state, first_of(channel._state.send_tasks))


def after_receive(state, value):
    if state is not None and agent.is_on:
        if state[1]:
            # What had no room comes in.
            note_moved("put", state[1], state[0])
        note_moved("get", S.current, state[0])
    return value


def took(kind):
    """After a lock was taken or given back."""

    def after(lock, value):
        if agent.is_on and S.current != 0:
            resource = resource_for(lock, _RESOURCES["lock"])
            is_taken = kind == "acquire"
            emit(KINDS[kind], 0, S.current, resource.id, 0 if is_taken else 1, S.current if is_taken else 0)
            if is_taken:
                emit(KINDS["use"], kinds.USES["got"], S.current, resource.id, sites.caller_site())
        return value

    return quiet(after)


def before_cancel(scope, *_, **__):
    if scope._cancel_called or scope._cancel_status is None:
        return
    site = sites.caller_site()
    statuses = [scope._cancel_status]
    while statuses:
        status = statuses.pop()
        statuses.extend(status._children)
        for task in status._tasks:
            known = task_of(task)
            if known is not None and known.id != S.current:
                known.canceller = S.current
                emit(KINDS["cancel"], 0, known.id, S.current, site)


# ── the run ────────────────────────────────────────────────────────────────────────────


def after_setup(_state, runner):
    runner.instruments.add_instrument(Instrument())
    return runner


class _Run:
    """A run of trio that has not come to its first task: the thread's task, and the line."""

    begins = None


def before_run(*_, **__):
    if S.current != 0:
        _Run.begins = (S.current, sites.caller_site(), agent.generation)
    return (S.current, S.body)


def begin_run(main):
    """The thread's own code waits for the first task while trio runs."""
    begins, _Run.begins = _Run.begins, None
    if begins is not None and begins[2] == agent.generation:
        number, site, _ = begins
        emit(KINDS["wait"], _REASONS["task"], number, site, main.id)
        S.current = 0
        _runs[number] = main.id


#: By the task of the thread: the first task of the run that it waits for.
_runs = {}


def finish_run(state):
    number = state[0]
    _Run.begins = None
    main = _runs.pop(number, None)
    if main is not None:
        S.current = number
        emit(KINDS["run"], _KNOWN, number, main)


def splice_inner(owner, name, before=None, after=None):
    """As `put_in`, for a function below decorators."""
    function = unwrapped(vars(owner).get(name))
    class_name = owner.__name__ if isinstance(owner, type) else ""
    try:
        function.__code__ = spliced(function.__code__, before, after, None, class_name)
    except (NotSpliced, SyntaxError, TypeError, ValueError, AttributeError) as error:
        notice("trio's %s is not seen into: %s" % (name, error))


def install(module):
    name = module.__name__
    if name == "trio._core._run":
        rows = [
            (module, "setup_runner", None, quiet(after_setup), None),
            (module, "run", guarded(before_run), None, guarded(finish_run)),
            (module.Runner, "task_exited", guarded(before_exit), None, None),
        ]
        put_in("trio", rows)
        splice_inner(module.CancelScope, "cancel", guarded(before_cancel))
    elif name == "trio._channel":
        splice_inner(module.MemorySendChannel, "send_nowait", guarded(before_send), quiet(after_send))
        receive = module.MemoryReceiveChannel
        splice_inner(receive, "receive_nowait", guarded(before_receive), quiet(after_receive))
    elif name == "trio._sync":
        splice_inner(module._LockImpl, "acquire_nowait", itself, took("acquire"))
        splice_inner(module._LockImpl, "release", itself, took("release"))
    learn(module, _waits()[name])
