"""Celery: who sends tasks, and the attempts at them in its workers, by Celery's own signals.

A task's id is one in the world, so neither side needs to know the broker.
"""
from _simul import job_records as records
from _simul import lifecycle
from _simul.state import S, guarded


def queue_of(name):
    name = str(name or "celery")
    return records.queue_of("celery %s" % name, name)


def short_name(task):
    return str(task).rpartition(".")[2]


def before_publish(**_):
    # A worker may begin it before this call is back.
    S.addition = records.Addition()


def after_publish(sender=None, headers=None, routing_key=None, **_):
    headers = headers or {}
    addition, S.addition = S.addition, None
    job_id, number = headers.get("id"), headers.get("retries") or 0
    if job_id is None or addition is None:
        return
    attempt = S.attempt
    if attempt is not None and attempt.job_id == job_id:
        records.ask_again(attempt, str(number), 0, addition.t)
        return
    queue = queue_of(routing_key)
    if queue is not None:
        delay = 0 if headers.get("eta") else None
        records.added(queue, job_id, short_name(sender), str(number), addition, delay)


def before_run(task_id=None, task=None, **_):
    request = task.request
    number = request.retries or 0
    queue = queue_of((request.delivery_info or {}).get("routing_key"))
    # One that is called within another is no task of a queue.
    if queue is None or S.attempt is not None or request.called_directly or request.is_eager:
        return
    name = short_name(task.name)
    if number > 0:
        name = "%s (attempt %d)" % (name, number + 1)
    S.attempt = records.begin_attempt(queue, task_id, name, str(number), number + 1)


def note_failure(task_id=None, exception=None, **_):
    attempt = S.attempt
    if attempt is not None and attempt.job_id == task_id:
        attempt.error = exception


def note_retry(request=None, reason=None, **_):
    attempt = S.attempt
    if attempt is not None and attempt.job_id == request.id:
        # Its exception says that it is a retry, and holds what it is for.
        error = getattr(reason, "exc", None)
        attempt.error = error if isinstance(error, BaseException) else str(reason)


def after_run(task_id=None, **_):
    attempt = S.attempt
    if attempt is None or attempt.job_id != task_id:
        return
    S.attempt = None
    error = attempt.error
    site = 0
    if isinstance(error, BaseException):
        site = lifecycle.failure_site(error.__traceback__)
    records.end_attempt(attempt, site)


_RECEIVERS = {
    "before_task_publish": before_publish,
    "after_task_publish": after_publish,
    "task_prerun": before_run,
    "task_failure": note_failure,
    "task_retry": note_retry,
    "task_postrun": after_run,
}


def install(module):
    for name, receiver in _RECEIVERS.items():
        getattr(module, name).connect(guarded(receiver), weak=False)
