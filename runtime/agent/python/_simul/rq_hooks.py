"""RQ: jobs whose process was killed, and who asks for their result all the same."""
from _simul import kinds, process_hooks, sites
from _simul.splice import NotSpliced, spliced
from _simul.state import KINDS, S, emit, guarded, notice, text
from _simul.threading_hooks import put_in

_FACTS = kinds.FACTS
_MAX_JOBS = 10_000
#: By a job's id: how often its result was asked for.
_asked = {}


def before_killed(worker, job, retpid, ret_val, rusage):
    signal = ret_val & 0x7F
    process_hooks.note_child_end(retpid, -signal if signal else ret_val >> 8)
    words = "%s|%s" % (str(job.func_name).rpartition(".")[2], job.id)
    emit(KINDS["fact"], _FACTS["job-killed"], S.current, 0, text(words), 0, signal)


def before_result(job):
    if S.current == 0 or len(_asked) >= _MAX_JOBS:
        return
    count = _asked[job.id] = _asked.get(job.id, 0) + 1
    # Told at the first time and at each doubling.
    if count & (count - 1) == 0:
        site = sites.caller_site()
        emit(KINDS["fact"], _FACTS["job-asked"], S.current, site, text(str(job.id)), 0, count)


def install(module):
    if module.__name__ == "rq.job":
        getter = module.Job.__dict__["result"].fget
        try:
            getter.__code__ = spliced(getter.__code__, guarded(before_result), None, None, "Job")
        except (NotSpliced, SyntaxError, TypeError, ValueError, AttributeError) as error:
            notice("rq's Job.result is not seen into: %s" % error)
        return
    name = "handle_work_horse_killed"
    owners = [value for value in vars(module).values() if isinstance(value, type) and name in vars(value)]
    put_in("rq", [(owner, name, guarded(before_killed), None, None) for owner in owners])
