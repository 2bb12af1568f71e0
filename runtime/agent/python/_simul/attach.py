"""Comes into a program that runs already, by `sys.remote_exec`: on its main thread, between two
instructions of whatever it does. What it did before is not known; its tasks are told as they stand.
"""
import sys

from _simul import lifecycle, sites, start
from _simul.state import KINDS, OWN_ERRORS, S, agent, emit, fault, notice, text


def attach(recording):
    if agent.out is not None:
        return
    start.start(recording)
    if not agent.is_on:
        return
    try:
        notice("what it did before the instrument was attached")
        note_loop()
    except OWN_ERRORS as error:
        fault(error)


def note_loop():
    """Tasks of the event loop that runs on this thread, and what each waits for."""
    events = sys.modules.get("asyncio.events")
    loop = None if events is None else events._get_running_loop()
    if loop is None:
        return
    # The thread's own code waits while its loop runs.
    frame, site = sys._getframe(1), 0
    while frame is not None:
        info = sites.info_of(frame.f_code)
        if info.is_user:
            site = sites.line_site(frame)
        frame = frame.f_back
    emit(KINDS["wait"], 0, S.body, site)
    S.current = 0
    lifecycle.at_end(resume_body)
    tasks = sys.modules["asyncio.tasks"]
    running = tasks.current_task(loop)
    for task in tasks.all_tasks(loop):
        # The one that is in the middle of a step is told from its next step on.
        if task is not running:
            note_task(task)


def note_task(task):
    from _simul import asyncio_tasks, asyncio_waits, task_names

    coro = task.get_coro()
    if coro is None:
        return
    number = agent.next_id()
    name, _ = task_names.coroutine_name(task, coro)
    code = getattr(coro, "cr_code", None)
    site = sites.function_site(code) if code is not None and sites.info_of(code).is_user else 0
    flags = asyncio_tasks.TASK_KIND | asyncio_tasks.READY
    emit(KINDS["activationBegin"], flags, number, 0, site, text(name), 0)
    state = task._simul = asyncio_tasks.TaskState(number, coro, site)
    state.lane = S.lane
    emit(KINDS["run"], 0, number)
    flags, site, target = asyncio_waits.wait_of(coro, task, state)
    state.wait_site = site
    emit(KINDS["wait"], flags, number, site, target)


def resume_body():
    """The loop is over, and so is the thread's own code."""
    if S.current == 0 and S.body != 0:
        S.current = S.body
        emit(KINDS["run"], 0, S.body)


def detach():
    """Nothing more is recorded; the program goes on."""
    if agent.is_on:
        agent.is_on = False
        agent.out.clock()
        agent.out.switch_off()
