"""multiprocessing: processes, who began and who joined them; what a pool's workers work on.

A child has a part of its own. Parent and child find each other by the child's pid, which each
writes as one end of a link.
"""
import os
import struct
import sys

from _simul import child_errors, imports, kinds, lifecycle, own_copies, pool_links, sites
from _simul.blocking import begin_block, end_block
from _simul.child_errors import Failure
from _simul.executor_hooks import called
from _simul.refuse import HEAD_BYTES
from _simul.resources import begin_resource
from _simul.state import KINDS, S, agent, emit, error_words, fault, guarded, text
from _simul.system import system
from _simul.threading_hooks import put_in

_PROCESS = kinds.RESOURCE_KINDS["process"]
_BODY, _CHUNK = kinds.ACTIVATION_KINDS["process"], kinds.ACTIVATION_KINDS["chunk"]
_SENT = kinds.LINK_WAYS["send"] | (kinds.LINK_KINDS["spawn"] << 4)
_OK, _ERROR = kinds.OUTCOMES["ok"], kinds.OUTCOMES["error"]
_END_AT = HEAD_BYTES - kinds.RECORD_BYTES
#: Functions of a pool's own that run the program's for some items.
MAPS = ("mapstar", "starmapstar")
_CAUGHT = (AttributeError, TypeError, ValueError, LookupError, RuntimeError)


def body_of(process):
    target = getattr(process, "_target", None)
    if target is None:
        target = type(process).run
    for _ in range(4):
        target = getattr(target, "func", target)
    return getattr(getattr(target, "__func__", target), "__code__", None)


def name_of(process):
    """The name that the program gave, else that of the function; of a pool's worker its own."""
    name = str(process._name)
    code = body_of(process)
    if "Process-" in name and code is not None:
        return sites.function_name(code)
    return name[:200]


def before_start(process):
    code = body_of(process)
    number = 0
    # A pool's workers are told as what the pool is made of.
    if code is not None and sites.info_of(code).is_user:
        number = begin_resource(_PROCESS, name_of(process), sites.caller_site())
        target = getattr(process, "_target", None)
        own_copies.note_given(process.run if target is None else target, process._args, "a process")
    elif process._args:
        number = -pools.get(id(process._args[0]), 0)
        if number:
            # A number, and so it travels with the process also where that is spawned.
            process._simul_pool = -number
    method = "spawn" if "Spawn" in type(process).__name__ else "fork"
    lifecycle.next_method(method)
    # A child waits for nothing that the parent waited for.
    S.is_waiting = True
    return (process, number)


def finish_start(state):
    S.is_waiting = False
    if state is None:
        return
    process, number = state
    popen = getattr(process, "_popen", None)
    pid = getattr(popen, "pid", None)
    if pid is None or agent.out is None or lifecycle.pid() != system.getpid():
        return
    if number > 0:
        _resources[pid] = number
    emit(KINDS["link"], _SENT, S.current, pid, 0, abs(number), 1)


#: By the id of the queue from which a pool's workers take: the pool's resource.
pools = {}


#: By the pid of a child: its resource. Not on the process itself, which spawn pickles.
_resources = {}


def before_join(process, timeout=None):
    pid = getattr(getattr(process, "_popen", None), "pid", None)
    number = _resources.get(pid)
    if number is None:
        # A pool's worker: how it ended is noted all the same.
        return (None, process, 0, pid)
    return (begin_block("join", number, "Process.join"), process, number, pid)


def finish_join(state):
    if state is None:
        return
    block, process, number, pid = state
    end_block(block, 0, number)
    code = getattr(process._popen, "returncode", None)
    if code is not None and pid is not None:
        note_child_end(pid, code)


def before_kill(process):
    pid = getattr(getattr(process, "_popen", None), "pid", None)
    if pid is not None and S.current != 0:
        site = sites.caller_site()
        emit(KINDS["fact"], kinds.FACTS["killed-by"], S.current, site, text(name_of(process)), 0, pid)


def note_child_end(pid, code):
    """Writes into the part of a child how it ended, where the child could not say so itself."""
    try:
        names = [name for name in system.listdir(agent.out.folder) if name.startswith("%d-" % pid)]
        if not names:
            return
        path = system.join(agent.out.folder, max(names))
        part = system.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
        try:
            end = system.pread(part, kinds.RECORD_BYTES, _END_AT)
            if len(end) < kinds.RECORD_BYTES:
                # It was killed before its part had a head.
                return
            has_end = end[-1] == KINDS["processEnd"]
            if code < 0 and not has_end:
                from _simul.recorder import now, pack

                how = kinds.PROCESS_ENDS["signal"]
                end = pack(now(), 0, 0, -code, 0, 0, 0, how, KINDS["processEnd"])
            elif code >= 0 and has_end and end[-2] & 15 == kinds.PROCESS_ENDS["exit"]:
                end = end[:12] + struct.pack("<I", code) + end[16:]
            else:
                return
            system.pwrite(part, end, _END_AT)
        finally:
            system.close(part)
    except OSError:
        pass


# ── in the child ───────────────────────────────────────────────────────────────────────


def before_bootstrap(process, *_, **__):
    number, body = agent.next_id(), S.body
    code = body_of(process)
    site = 0 if code is None else sites.function_site(code)
    S.is_waiting = False
    # The code that was forked, or that the child was started with, has nothing more to do.
    emit(KINDS["activationEnd"], _OK, body)
    emit(KINDS["activationBegin"], _BODY, number, body, site, text(name_of(process)), 0)
    S.body = S.current = number
    return number


#: Called when the process's function has ended.
at_body_end = []


def after_bootstrap(state, code):
    try:
        if state is not None:
            for function in at_body_end:
                function()
            S.body = S.current = 0
            outcome = _OK if code == 0 else _ERROR
            emit(KINDS["activationEnd"], outcome, state, Failure.words, Failure.site)
    except _CAUGHT as error:
        fault(error)
    return code


# ── pools ──────────────────────────────────────────────────────────────────────────────


class _Worker:
    """A pool's worker process: the chunk that it works on."""

    chunk = 0
    body = 0
    token = 0
    block = None
    queue = None
    job = None
    size = 0
    #: An error that is about to be sent, and where it was thrown.
    failure = (None, 0)


def begin_worker(queue):
    """@param queue: from which the worker takes its calls"""
    _Worker.body, _Worker.queue = S.body, queue


def before_worker(inqueue, *_, **__):
    # A thread of a ThreadPool has no code of its own.
    if S.body:
        begin_worker(inqueue)


def worker_pool():
    """The resource of the pool in the process that has it; 0: it is not known."""
    process = sys.modules["multiprocessing.process"].current_process()
    return process.__dict__.get("_simul_pool", 0)


def is_worker():
    return _Worker.body != 0 and S.current == _Worker.body


def before_take(queue):
    if is_worker():
        _Worker.block = begin_block("pool", 0, "SimpleQueue.get")


def after_take(state, task):
    try:
        block, _Worker.block = _Worker.block, None
        end_block(block)
        if _Worker.body and type(task) is tuple and len(task) == 5:
            take(*task)
    except _CAUGHT as error:
        fault(error)
    return task


def take(job, index, function, args, keywords):
    """A call of a `Pool`, or some items of a map."""
    items = 1
    name = getattr(function, "__name__", "")
    if name in MAPS and args:
        # A chunk of a map: the function and its items.
        function, batch = args[0][0], args[0][1]
        items = len(batch) if hasattr(batch, "__len__") else 1
    elif name == "_helper_reraises_exception":
        return
    # The last chunk of a map may be shorter than the others.
    if job != _Worker.job:
        _Worker.job, _Worker.size = job, 0
    _Worker.size = max(_Worker.size, items)
    begin_chunk(function, items, pool_links.pool_token(job, index), (index or 0) * _Worker.size)


def begin_chunk(function, items, token, first=0):
    function = called(function, ())
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    site = sites.function_site(code) if code is not None and sites.info_of(code).is_user else 0
    number = _Worker.chunk = agent.next_id()
    _Worker.token = token
    name = getattr(function, "__qualname__", type(function).__qualname__).rpartition("<locals>.")[2]
    emit(KINDS["activationBegin"], _CHUNK, number, _Worker.body, site, text(name[:200]), 0)
    emit(KINDS["chunk"], 0, number, 0, first & 0xFFFFFFFF, items, 0)
    pool_links.receive_call(number, token)
    S.current = S.body = number


def before_wrap(wrapped, error, traceback):
    """The error loses its traceback when it is packed."""
    _Worker.failure = (error, lifecycle.failure_site(traceback))


def before_give(queue, obj):
    if not _Worker.chunk or type(obj) is not tuple or len(obj) != 3:
        return
    result = obj[2]
    is_ok = type(result) is tuple and len(result) == 2 and result[0] is True
    error, words = None, 0
    if not is_ok and type(result) is tuple and len(result) == 2:
        error = getattr(result[1], "exc", result[1])
        if isinstance(error, Exception):
            words = text(error_words(error))
        else:
            error = None
    end_chunk(is_ok, error, words)


def end_chunk(is_ok, error, words):
    number, _Worker.chunk = _Worker.chunk, 0
    (known, site), _Worker.failure = _Worker.failure, (None, 0)
    if not number:
        return
    S.current = S.body = _Worker.body
    if error is None or known is not error:
        site = 0 if error is None else lifecycle.failure_site(error.__traceback__)
    pool_links.send_answer(number, _Worker.token)
    emit(KINDS["activationEnd"], _OK if is_ok else _ERROR, number, words, site)


def install(process):
    imports.when_loaded("traceback", child_errors)
    base = process.BaseProcess
    rows = [
        (base, "start", guarded(before_start), None, guarded(finish_start)),
        (base, "join", guarded(before_join), None, guarded(finish_join)),
        (base, "terminate", guarded(before_kill), None, None),
        (base, "kill", guarded(before_kill), None, None),
        (base, "_bootstrap", guarded(before_bootstrap), after_bootstrap, None),
    ]
    put_in("multiprocessing", rows)
