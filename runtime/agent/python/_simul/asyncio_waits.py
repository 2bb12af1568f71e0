"""What a task waits for, read from the coroutines that it rests in.

    user coroutine ─ cr_await ─▶ user coroutine ─ cr_await ─▶ Queue.get ─▶ future
                                 └ the site                   └ the reason, its `self` the resource

Nothing is wrapped: the deepest frame of the program's files gives the line, the frame of the
library below it says what for, and `_fut_waiter` the task or future itself.
"""
import sys
from gc import get_referents
from types import AsyncGeneratorType, CoroutineType, GeneratorType

from _simul import asyncio_cells, busy_waits, kinds, lifecycle, order_notes, sites, source_notes
from _simul.asyncio_cells import uses_of
from _simul.asyncio_makings import follow, making_of
from _simul.resources import begin_resource, resource_of
from _simul.sites import await_site, info_of, infos
from _simul.state import KINDS, S, agent, emit, error_words, guarded, quiet, text

_REASONS = kinds.REASONS
_RESOURCES = kinds.RESOURCE_KINDS
_YIELD = 1 << kinds.FLAGS["wait"]["yield"][0]
_DIRECT = 1 << kinds.FLAGS["wait"]["direct"][0]
_GROUP_KINDS = kinds.GROUP_KINDS
_DECIDES = 1 << kinds.FLAGS["group"]["decides"][0]
_MAX_MEMBERS = 10_000
#: What `__anext__` and the like give: the class has no name in Python.
_STEPS_OF_GENERATORS = ("async_generator_asend", "async_generator_athrow")
_WITHIN = kinds.USES["within"]
_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>")
_TURNS = busy_waits.STEP - 1

_Task = _Future = ()
_TaskState = None
#: Code of functions that run a loop until their `future` is done.
loop_runners = set()
#: Code objects of the functions that make a factory's tasks, where those run at once.
eager_factories = set()
#: Code objects of coroutines that asyncio runs as tasks for itself.
own_coroutines = set()


def running_loop():
    return None


def running_task():
    return None


def task_state():
    """The class of what hangs on tasks."""
    return _TaskState


def is_task(value):
    return isinstance(value, _Task)


def is_future(value):
    return isinstance(value, _Future)


# ── waits ──────────────────────────────────────────────────────────────────────────────


def wait_of(coro, task, state):
    """What a task waits for after a step: flags, site and target of its `wait`."""
    user = user_info = outer = outer_info = own = own_wait = call = making = uses = None
    while True:
        kind = type(coro)
        if kind is CoroutineType:
            frame, inner = coro.cr_frame, coro.cr_await
        elif kind is GeneratorType:
            frame, inner = coro.gi_frame, coro.gi_yieldfrom
        elif kind is AsyncGeneratorType:
            frame, inner = coro.ag_frame, coro.ag_await
        elif kind.__name__ in _STEPS_OF_GENERATORS:
            # The generator itself has no other name.
            coro = get_referents(coro)[0]
            if type(coro) is not AsyncGeneratorType:
                break
            continue
        else:
            break
        if frame is None:
            break
        code = frame.f_code
        info = infos.get(id(code))
        if info is None or info.code is not code:
            info = info_of(code)
        if info.is_user:
            if user is not None and call is None and user_info.loops is not False:
                # A comprehension with an `await` is a coroutine of its own before 3.12.
                turn = inner if code.co_name in _COMPREHENSIONS else awaited
                call = loop_call(user_info, user, turn)
            user, user_info, own = frame, info, None
            awaited = inner
            if info.makings is not False and making is None:
                making = making_of(info, frame)
            if info.cells is not False:
                uses = uses_of(info, frame, uses)
        else:
            if outer is None:
                outer, outer_info = frame, info
            # What a queue waits with is no event of its own.
            if info.wait is not None and (own is None or own_wait is wait_for_inner):
                own, own_wait = frame, info.wait
                # Below it is the library's own, to the end.
                if own_wait is not wait_for_inner:
                    break
        coro = inner
    if user is None:
        # A function of a library's: the task is known by where it began.
        user_info, site, is_direct = outer_info, state.site, False
    else:
        site, is_direct = await_site(user_info, user)
    if uses is not None or state.cells is not None:
        asyncio_cells.follow(state, uses)
    if making is not state.making:
        follow(state, making)
    if call is not state.call and (call is None or call[1] is not state.call):
        note_call(state, call)
    future = getattr(task, "_fut_waiter", None)
    if future is None:
        state.is_waiting = False
        state.resource = 0
        # One turn after the other at one line.
        state.turns = state.turns + 1 if site == state.wait_site else 0
        if state.turns & _TURNS == 0 and state.turns != 0 and user is not None:
            busy_waits.note_turns(state, user, site)
        return _YIELD, site, 0
    state.is_waiting = True
    direct = _DIRECT if is_direct else 0
    if own is not None:
        reason, target = own_wait(own, future, user_info)
        if own_wait is wait_for_notice and user is not None:
            condition = own.f_locals.get("self")
            missed = getattr(condition, "_simul_missed", None)
            if missed is not None:
                note_late(resource_of(condition), missed, user, site)
        if reason is not None:
            if reason == _LOCK and making is not None:
                state.making.is_locked = True
            state.resource = target if reason != _TASK else 0
            return reason | direct, site, target
    reason, target = target_of(future)
    state.resource = 0 if reason == _TASK else target
    if reason == _TASK and type(future._simul) is tuple:
        # A call in another thread has a row of its own there.
        direct = 0
    return reason | direct, site, target


def loop_call(info, frame, awaited):
    """The site of an await in a loop, which a caller of the innermost function rests at, and what it
    awaits; None: it is in no such loop."""
    if info.loops is None:
        info.loops = source_notes.loop_notes(info.code) or False
        if info.loops is False:
            return None
    return (await_site(info, frame)[0], awaited) if frame.f_lineno in info.loops else None


def note_call(state, call):
    state.call = None if call is None else call[1]
    emit(KINDS["use"], _WITHIN, state.id, 0, 0 if call is None else call[0])


_LOCK = kinds.REASONS["lock"]
_TASK = _REASONS["task"]
_GROUP = _REASONS["group"]


def target_of(future):
    """The reason and id of what a future stands for."""
    known = getattr(future, "_simul", None)
    if known is not None:
        if type(known) is _TaskState:
            return (_TASK, known.id) if known.generation == agent.generation else (_TASK, 0)
        if type(known) is tuple and known[2] == agent.generation:
            return known[:2]
    return _REASONS["future"], 0


def shared(kind, name):
    """A wait whose resource is one for each place: a timer, input and output."""
    reason = _REASONS[kind]
    resource_kind = _RESOURCES[kind]

    def wait(frame, future, info):
        key = (name, agent.generation)
        number = info.sites.get(key)
        if number is None:
            number = info.sites[key] = begin_resource(resource_kind, name)
        return reason, number

    return wait


def held_by(reason_name, kind_name):
    """A wait for the object whose method the frame runs."""
    reason, kind = _REASONS[reason_name], _RESOURCES[kind_name]

    def wait(frame, future, info):
        thing = frame.f_locals.get("self")
        if thing is None:
            return reason, 0
        resource = resource_of(thing, kind)
        if resource.generator is not None:
            held_by_generators.append(resource)
        return reason, resource.id

    return wait


def note_missed(condition):
    """It is notified, and nobody waits for it: a condition keeps no notice."""
    missed = getattr(condition, "_simul_missed", None)
    if missed is None:
        condition._simul_missed = [sites.caller_site(), 1, 0]
    else:
        missed[1] += 1


def note_late(resource, missed, frame, site):
    """A wait begins after the notice. One that is in a loop asks first whether it has to wait."""
    called, count, told = missed
    if site != told and source_notes.waits_once(frame.f_code, frame.f_lineno):
        missed[2] = site
        emit(KINDS["fact"], kinds.FACTS["late-listener"], 0, site, text(resource.name), called, count)


wait_for_notice = held_by("condition", "condition")


#: What the task waits for whose step ends now, where an async generator has it.
held_by_generators = []


def wait_for_inner(frame, future, info):
    """`wait_for` up to 3.11 waits for a future of its own; what it is about is its `fut`."""
    inner = frame.f_locals.get("fut")
    if inner is None or inner is future:
        return None, 0
    return target_of(inner)


def wait_for_some(frame, future, info):
    """`asyncio.wait`: its members are told when it waits for the first time."""
    members = frame.f_locals.get("fs") or ()
    count = frame.f_locals.get("return_when")
    kind = "race" if count == "FIRST_COMPLETED" else "wait"
    return _GROUP, group_on(future, kind, members, "asyncio.wait")


def wait_for_group(frame, future, info):
    group = frame.f_locals.get("self")
    members = list(getattr(group, "_tasks", ()))
    return _GROUP, group_on(group, "task-group", members, "TaskGroup")


def group_on(thing, kind, members, name):
    """The id of the group that hangs on a future or task group."""
    known = getattr(thing, "_simul_group", None)
    if known is not None and known[1] == agent.generation:
        return known[0]
    number = begin_resource(_RESOURCES["group"], name)
    add_members(number, kind, members)
    try:
        thing._simul_group = (number, agent.generation)
    except AttributeError:
        pass
    return number


#: Groups that are waited for: their kind and how many belong to them, and the place of each.
groups = {}
_MAX_GROUPS = 1000


def note_decider(state, waker):
    """The wait for a group ended by the doing of one of its members."""
    kind, count, places = groups.pop(state.resource)
    index = places.get(waker)
    if index is not None:
        flags = _GROUP_KINDS[kind] | _DECIDES
        emit(KINDS["group"], flags, state.id, state.resource, waker, index, count)


def add_members(number, kind, members):
    members = list(members)[:_MAX_MEMBERS]
    if len(groups) >= _MAX_GROUPS:
        groups.clear()
    places = {}
    groups[number] = (kind, len(members), places)
    for index, member in enumerate(members):
        reason, target = target_of(member)
        if target:
            places[target] = index
        emit(KINDS["group"], _GROUP_KINDS[kind], S.current, number, target, index, len(members))


def before_gather(*_, return_exceptions=False, **__):
    return return_exceptions


def after_gather(keeps_errors, outer):
    """A `gather` that waits is a group; it hangs on its future."""
    children = getattr(outer, "_children", None)
    if children and type(outer).__name__ == "_GatheringFuture":
        if keeps_errors:
            frame = sites.user_frame(sys._getframe(1))
            if frame is not None and source_notes.drops_result(frame.f_code, frame.f_lineno, "gather"):
                outer._simul_dropped = sites.line_site(frame)
        number = begin_resource(_RESOURCES["group"], "gather", sites.caller_site())
        add_members(number, "gather", children)
        outer._simul = (_GROUP, number, agent.generation)
    return outer


_MAX_DROPPED = 20


def note_dropped(outer, called):
    """A `gather` whose result nobody looks at has errors in it."""
    outer._simul_dropped = 0
    failed = [child for child in outer._children if not child.cancelled() and child._exception is not None]
    for child in failed[:_MAX_DROPPED]:
        error = child._exception
        number = target_of(child)[1]
        site = lifecycle.failure_site(error.__traceback__)
        emit(KINDS["fact"], kinds.FACTS["never-retrieved"], number, site, text(error_words(error)), called)


def before_shield(arg):
    return arg


def after_shield(arg, outer):
    if is_future(outer) and is_future(arg) and outer is not arg:
        outer._simul = target_of(arg) + (agent.generation,)
    return outer


def before_run_in_executor(loop, executor, func, *args):
    S.last_job = 0


def after_run_in_executor(state, future):
    """What runs in a thread of a pool: a task waits for that call."""
    job, S.last_job = S.last_job, 0
    if job and is_future(future) and getattr(future, "_simul", None) is None:
        future._simul = (_TASK, job, agent.generation)
    return future


def rows(asyncio):
    base, tasks = asyncio.base_events.BaseEventLoop, asyncio.tasks
    return [
        (tasks, "gather", before_gather, quiet(after_gather), None),
        (tasks, "shield", before_shield, quiet(after_shield), None),
        (tasks, "as_completed", guarded(order_notes.before_as_completed), None, None),
        (base, "run_in_executor", before_run_in_executor, quiet(after_run_in_executor), None),
    ]


def install(asyncio, task_state):
    """Learns the code objects of the library in which tasks rest."""
    global _Task, _Future, _TaskState, running_loop, running_task
    running_task = asyncio.tasks.current_task
    running_loop = asyncio.events._get_running_loop
    _Task, _TaskState = asyncio.Task, task_state
    _Future = (asyncio.Future, asyncio.futures._PyFuture)
    _Task = (asyncio.Task, asyncio.tasks._PyTask)
    loop_runners.add(asyncio.base_events.BaseEventLoop.run_until_complete.__code__)
    for name in ("shutdown_asyncgens", "shutdown_default_executor"):
        function = vars(asyncio.base_events.BaseEventLoop).get(name)
        if function is not None:
            own_coroutines.add(function.__code__)
    factory = getattr(asyncio.tasks, "eager_task_factory", None)
    if factory is not None:
        eager_factories.add(factory.__code__)
    locks, queues, streams = asyncio.locks, asyncio.queues, asyncio.streams
    learn(asyncio.tasks, {"sleep": shared("timer", "asyncio.sleep"), "wait_for": wait_for_inner})
    learn(asyncio.tasks, {"_wait": wait_for_some})
    queue = {"get": ("queue-get", "queue"), "put": ("queue-put", "queue"), "join": ("join", "queue")}
    for name, (reason, kind) in queue.items():
        learn(queues.Queue, {name: held_by(reason, kind)})
    learn(locks.Lock, {"acquire": held_by("lock", "lock")})
    learn(locks.Semaphore, {"acquire": held_by("semaphore", "semaphore")})
    learn(locks.Event, {"wait": held_by("event", "event")})
    learn(locks.Condition, {"wait": wait_for_notice})
    barrier = getattr(locks, "Barrier", None)
    if barrier is not None:
        for name in ("_block", "_wait"):
            learn(barrier, {name: held_by("barrier", "barrier")})
    group = getattr(asyncio, "TaskGroup", None)
    if group is not None:
        learn(group, {name: wait_for_group for name in ("__aexit__", "_aexit")})
    for owner, name in (
        (streams.StreamReader, "StreamReader"),
        (streams.StreamWriter, "StreamWriter"),
        (streams.FlowControlMixin, "StreamWriter"),
        (streams, "stream"),
        (asyncio.base_events.Server, "Server"),
        (asyncio.base_events.BaseEventLoop, "event loop"),
        (asyncio.selector_events.BaseSelectorEventLoop, "socket"),
        (asyncio.subprocess.Process, "child process"),
        (asyncio.base_subprocess.BaseSubprocessTransport, "child process"),
    ):
        learn_io(owner, name)


#: Of the loop: what waits for the world. The others only pass on.
_NO_IO = {"run_forever", "run_until_complete", "shutdown_asyncgens", "shutdown_default_executor"}
_CO_COROUTINE = 0x80


def learn_io(owner, name):
    for member, function in list(vars(owner).items()):
        code = getattr(function, "__code__", None)
        if code is None or member in _NO_IO or not code.co_flags & _CO_COROUTINE:
            continue
        if info_of(code).wait is None:
            info_of(code).wait = shared("io", "%s.%s" % (name, member.lstrip("_")))


def learn(owner, waits):
    for name, wait in waits.items():
        function = vars(owner).get(name)
        if function is not None:
            # Spliced functions are other code: they are learnt when they are put in.
            info_of(function.__code__).wait = wait
