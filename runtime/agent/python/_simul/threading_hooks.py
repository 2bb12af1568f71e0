"""threading: threads, who began and who joined them, locks that the program made, conditions.

All of threading's waits but those of plain locks pass `Condition.wait`, so that one hook sees what
waits for an Event, a Semaphore, a queue or a future: who makes one of these notes on its condition
what a wait there is for (`_simul_wait`).
"""
import sys

from _simul import context_notes, kinds, late_bindings, lifecycle, lock_notes, sites, source_notes
from _simul.asyncio_waits import note_late, note_missed
from _simul.blocking import begin_block, end_block
from _simul.recorder import now
from _simul.resources import Resource, begin_resource, note_made, resource_of
from _simul.splice import NotSpliced, keep_splices, splice
from _simul.state import KINDS, S, agent, emit, error_words, fault, guarded, notice, text
from _simul.thread_locks import lock_factory, traced_rlock

_KINDS = kinds.RESOURCE_KINDS
_THREAD = _KINDS["thread"]
_THREAD_LANE = kinds.LANE_KINDS["thread"]
_BODY = kinds.ACTIVATION_KINDS["thread"]
_SPAWN = kinds.LINK_KINDS["spawn"] << 4
_SENT, _RECEIVED = (kinds.LINK_WAYS[way] | _SPAWN for way in ("send", "receive"))
_OK, _ERROR = kinds.OUTCOMES["ok"], kinds.OUTCOMES["error"]
_ACQUIRE, _RELEASE = KINDS["acquire"], KINDS["release"]
#: Beside the pid the token of a thread has its resource, and this bit.
_TOKEN = 0x40000000
_POOLS = ("concurrent/futures/thread.py", "multiprocessing/pool.py", "anyio/_backends/_asyncio.py")
_CAUGHT = (AttributeError, TypeError, ValueError, LookupError, RuntimeError)


def body_of(thread):
    """The code of what the thread runs, through partials and methods; None: it is no Python."""
    target = getattr(thread, "_target", None)
    if target is None:
        target = thread.function if is_timer(thread) else type(thread).run
    for _ in range(4):
        target = getattr(target, "func", target)
    return getattr(getattr(target, "__func__", target), "__code__", None)


def is_timer(thread):
    """A `threading.Timer`: a thread that waits, and then calls the function that it was given."""
    timer = getattr(sys.modules["threading"], "Timer", None)
    return timer is not None and isinstance(thread, timer) and type(thread).run is timer.run


def is_users(thread, frame=None):
    """@param frame: of whoever starts it. What the program itself starts is its own, also where a
    function of a library runs there, as `serve_forever`"""
    code = body_of(thread)
    if code is None:
        return False
    return sites.info_of(code).is_user or (frame is not None and sites.info_of(frame.f_code).is_user)


def thread_name(thread):
    """The name that the program gave, else that of the function."""
    name = str(thread._name)
    if name.startswith("Thread-"):
        code = body_of(thread)
        if code is not None:
            return sites.function_name(code)
    return name[:200]


def before_start(thread):
    # It waits until the thread has begun, which is no wait of the program's.
    S.is_waiting = True
    # Below are the guard's frame and that of `start`.
    if not is_users(thread, sys._getframe(3)):
        return
    name = thread_name(thread)
    site = sites.caller_site()
    thread._simul = Resource(begin_resource(_THREAD, name, site), name, site)
    thread._simul_parent = S.current
    thread._simul_context = not_carried(thread)
    target = thread.function if is_timer(thread) else getattr(thread, "_target", None)
    thread._simul_bound = late_bindings.bound(target, type(thread).__name__)
    if is_timer(thread):
        note_timer(thread)
    number = thread._simul.id
    # A daemon is not meant to be joined.
    joinable = 0 if thread.daemon else number
    emit(KINDS["link"], _SENT, S.current, lifecycle.pid(), _TOKEN | number, joinable, 1)


def not_carried(thread):
    """From 3.14 on a thread may have the context of who starts it."""
    if getattr(sys.flags, "thread_inherit_context", 0) or getattr(thread, "_context", None) is not None:
        return None
    target = getattr(thread, "_target", None)
    return context_notes.not_carried(thread.run if target is None else target, "Thread")


def note_timer(thread):
    """What its event means to it is that so much time has passed."""
    delay = thread.interval if isinstance(thread.interval, (int, float)) else ""
    timer = Resource(begin_resource(_KINDS["timer"], ("threading.Timer %s" % delay).strip(), 0))
    mean(thread.finished._cond, "timer", timer, "Timer")


def finish_start(state):
    S.is_waiting = False


def before_bootstrap(thread):
    resource = getattr(thread, "_simul", None)
    if type(resource) is not Resource or resource.generation != agent.generation:
        # A pool's worker: what it is given is told as calls.
        code = body_of(thread)
        if code is not None and code.co_filename.endswith(_POOLS):
            lifecycle.begin_lane(_THREAD_LANE, str(thread._name)[:200])
        return None
    lifecycle.begin_lane(_THREAD_LANE, str(thread._name)[:200])
    number = agent.next_id()
    S.body = S.current = number
    S.began = now()
    code = body_of(thread)
    site = resource.site
    if code is not None and sites.info_of(code).is_user:
        site = sites.function_site(code)
    emit(KINDS["activationBegin"], _BODY, number, thread._simul_parent, site, text(thread_name(thread)), resource.id)
    emit(KINDS["link"], _RECEIVED, number, lifecycle.pid(), _TOKEN | resource.id, resource.id, 1)
    thread._simul_task = number
    context_notes.tell(thread._simul_context, number)
    if is_timer(thread):
        S.timer_bound = (thread._simul_bound, number)
    else:
        late_bindings.tell(thread._simul_bound, number)
    plain = thread._invoke_excepthook

    def invoke_excepthook(thread):
        _, error, tb = sys.exc_info()
        if error is not None:
            note_error(thread, error)
            error.__traceback__ = lifecycle.without_own_frames(error, tb)
        plain(thread)

    thread._invoke_excepthook = invoke_excepthook
    return thread


def note_error(thread, error):
    try:
        if isinstance(error, SystemExit):
            return
        thread._simul_error = error_words(error)
        lifecycle.note_unprimed(error, error.__traceback__)
        site = thread._simul_thrown = lifecycle.failure_site(error.__traceback__)
        emit(KINDS["fact"], kinds.FACTS["unhandled"], S.body, site, text(thread._simul_error))
    except _CAUGHT as trouble:
        fault(trouble)


def finish_bootstrap(thread):
    if thread is None or S.body == 0:
        S.body = S.current = 0
        return
    error = getattr(thread, "_simul_error", None)
    words = 0 if error is None else text(error)
    cpu_us, flags = lifecycle.cpu_of(now() - S.began)
    outcome = _OK if error is None else _ERROR
    site = getattr(thread, "_simul_thrown", 0)
    emit(KINDS["activationEnd"], outcome | flags, S.body, words, site, 0, cpu_us)
    lifecycle.write_times()
    emit(KINDS["laneEnd"], kinds.LANE_ENDS["exit"])
    S.body = S.current = 0


def before_join(thread, timeout=None):
    if thread.ident is None or S.current == 0:
        return None
    resource = resource_of(thread, _THREAD)
    return (begin_block("join", resource.id, "Thread.join"), thread, resource)


@guarded
def before_let_go(_):
    lifecycle.note_interrupt()


def finish_join(state):
    if state is None:
        return
    block, thread, resource = state
    end_block(block, getattr(thread, "_simul_task", 0), resource.id)


# ── conditions, and what is made of them ───────────────────────────────────────────────


def mean(condition, reason, resource, name):
    """Notes on a condition what a wait for it is for."""
    condition._simul_wait = (reason, resource, name)


def before_wait(condition, timeout=None):
    if S.current == 0 or S.is_waiting:
        return None
    known = getattr(condition, "_simul_wait", None)
    if known is None or known[1].generation != agent.generation:
        if sites.user_frame(sys._getframe(1)) is None:
            return None
        return (begin_block("", 0, "Condition.wait"), None)
    reason, resource, name = known
    missed = getattr(condition, "_simul_missed", None)
    if missed is not None:
        frame = sites.user_frame(sys._getframe(1))
        if frame is not None:
            note_late(resource, missed, frame, sites.line_site(frame))
    block = begin_block(reason, resource.id, name)
    loop = getattr(resource, "loop", None)
    if loop is not None and timeout is None and getattr(loop, "_thread_id", None) == S.os_thread:
        words = text(resource.name)
        emit(KINDS["fact"], kinds.FACTS["loop-deadlock"], S.current, sites.caller_site(), words, resource.site)
    return (block, resource)


def before_shutdown():
    """The main thread's own code is over: the process waits for threads that are no daemons."""
    if S.current == 0 or S.current != S.body:
        return None
    threading = sys.modules["threading"]
    kept = [thread for thread in list(threading._active.values()) if keeps_alive(threading, thread)]
    for thread in kept[:_MAX_KEPT]:
        number = getattr(thread, "_simul_task", 0)
        emit(KINDS["fact"], kinds.FACTS["main-ended"], number)
        if number:
            note_shared(thread, number)
    return begin_block("join", 0, "threading._shutdown") if kept else None


_MAX_KEPT = 20


def note_shared(thread, number):
    """Nobody waited for it, and it may still change what others have read already."""
    code = body_of(thread)
    if code is None or not sites.info_of(code).is_user:
        return
    name = source_notes.shared_name(code)
    if name:
        words = "%s|%s" % (name, sites.function_name(code))
        emit(KINDS["fact"], kinds.FACTS["shared-name"], number, sites.function_site(code), text(words))


def keeps_alive(threading, thread):
    return not thread._daemonic and thread is not threading._main_thread and thread.is_alive()


def finish_wait(state):
    if state is None:
        return
    block, resource = state
    timer = S.timer_bound
    if timer is not None:
        # Its first wait is for its time: then it calls the function.
        S.timer_bound = None
        late_bindings.tell(*timer)
    if resource is None:
        end_block(block)
    else:
        end_block(block, resource.by, resource.id)


def before_notify(condition, n=1):
    known = getattr(condition, "_simul_wait", None)
    if known is not None:
        known[1].by = S.current
        if known[0] == "condition" and not condition._waiters:
            note_missed(condition)


def itself(thing, *_, **__):
    return thing


def made(kind, condition, reason, name, capacity=None):
    def finish(thing):
        inner = thing if condition is None else getattr(thing, condition, None)
        if inner is None:
            return
        note_made(thing, _KINDS[kind], None if capacity is None else capacity(thing))
        resource = getattr(thing, "_simul", None)
        if type(resource) is Resource:
            mean(inner, reason, resource, name)
            if kind == "semaphore":
                lock_notes.note_made(thing, capacity(thing))

    return guarded(finish)


def moved(kind, left):
    """After a permit was taken or given back."""

    def after(thing, value):
        try:
            resource = getattr(thing, "_simul", None)
            if type(resource) is Resource and value is not False:
                note_move(kind, resource, left(thing))
        except _CAUGHT as error:
            fault(error)
        return value

    return after


def note_move(kind, resource, left):
    emit(kind, 0, S.current, resource.id, left, S.current if kind == _ACQUIRE else 0)
    if kind == _ACQUIRE:
        emit(KINDS["use"], kinds.USES["got"], S.current, resource.id, sites.caller_site())


def permits(semaphore):
    return semaphore._value


def install(threading):
    rows = [
        (threading.Thread, "start", guarded(before_start), None, finish_start),
        (threading.Thread, "_bootstrap_inner", guarded(before_bootstrap), None, guarded(finish_bootstrap)),
        (threading.Thread, "join", guarded(before_join), None, guarded(finish_join)),
        # An interrupted join lets go of the thread that it waited for, up to 3.12: others go on then.
        (threading.Thread, "_wait_for_tstate_lock", None, None, None, before_let_go),
        (threading.Condition, "wait", guarded(before_wait), None, guarded(finish_wait)),
        (threading.Condition, "notify", guarded(before_notify), None, None),
        (threading.Condition, "__init__", itself, None, made("condition", None, "condition", "Condition.wait")),
        (threading.Event, "__init__", itself, None, made("event", "_cond", "event", "Event.wait")),
        (
            threading.Semaphore,
            "__init__",
            itself,
            None,
            made("semaphore", "_cond", "semaphore", "Semaphore.acquire", permits),
        ),
        (threading.Semaphore, "acquire", itself, moved(_ACQUIRE, permits), None),
        (threading.Semaphore, "release", itself, moved(_RELEASE, permits), None),
        (threading.Barrier, "__init__", itself, None, made("barrier", "_cond", "barrier", "Barrier.wait")),
        (threading, "RLock", None, traced_rlock, None),
        (threading, "_shutdown", guarded(before_shutdown), None, guarded(end_block)),
    ]
    put_in("threading", rows)
    threading.Lock = lock_factory(threading.Lock)
    import time

    from _simul.blocking import watch_sleep

    watch_sleep(time)


def put_in(module, rows):
    for owner, name, *hooks in rows:
        try:
            if owner is not None and name in owner.__dict__:
                splice(owner, name, *hooks)
        except (NotSpliced, SyntaxError, TypeError, ValueError) as error:
            notice("%s's %s is not seen into: %s" % (module, name, error))
    keep_splices()
