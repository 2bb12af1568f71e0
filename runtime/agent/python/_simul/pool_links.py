"""The way of a call to the worker of a pool, and of its answer back: each end writes the same token.

The program's process and its workers know of a call only what multiprocessing itself sends: the
number of the call and that of the chunk, or the number of the work item.
"""
import sys

from _simul import kinds
from _simul.state import KINDS, S, emit
from _simul.system import system

_JOB, _RESULT = kinds.LINK_KINDS["job"] << 4, kinds.LINK_KINDS["result"] << 4
_SEND, _RECEIVE = kinds.LINK_WAYS["send"], kinds.LINK_WAYS["receive"]
#: What tells the calls of executors from those of pools.
_OF_EXECUTOR = 0x80000000


def pool_token(job, index):
    """Of a chunk of a call of a `Pool`; calls are counted over all pools of a process."""
    return (job & 0x7FFF) << 16 | ((index or 0) & 0xFFFF)


def executor_token(pool, work_id):
    """Of a work item of a `ProcessPoolExecutor`. @param pool: its resource"""
    return _OF_EXECUTOR | (pool & 0x7FF) << 20 | (work_id & 0xFFFFF)


def parent_pid():
    """Of the process that has the pool: under forkserver it is not the one that forked this one."""
    process = sys.modules.get("multiprocessing.process")
    parent = process.parent_process() if process is not None else None
    return system.getppid() if parent is None else parent.pid


def send_call(token, pool, task=0):
    emit(KINDS["link"], _SEND | _JOB, task or S.current, token, system.getpid(), pool, 1)


def receive_call(task, token, pid=0):
    """@param pid: of the process that has the pool; 0: the parent"""
    emit(KINDS["link"], _RECEIVE | _JOB, task, token, pid or parent_pid(), 0, 1)


def send_answer(task, token, pid=0):
    emit(KINDS["link"], _SEND | _RESULT, task, token, pid or parent_pid(), 0, 1)


def receive_answer(token):
    emit(KINDS["link"], _RECEIVE | _RESULT, S.current, token, system.getpid(), 0, 1)
