"""dramatiq: who sends messages, and the attempts at them in the worker's threads.

    Broker.emit_before, emit_after      what the broker tells its middleware: a message was
                                        enqueued, is about to be processed, was processed
"""
from _simul import job_records as records
from _simul import lifecycle
from _simul.state import S, guarded
from _simul.threading_hooks import put_in


def queue_of(broker, message):
    name = message.queue_name
    # Where it waits for its time.
    if name.endswith(".DQ"):
        name = name[:-3]
    client = getattr(broker, "client", None)
    pool = getattr(client, "connection_pool", None)
    server = type(broker).__name__ if pool is None else records.server_of(pool.connection_kwargs)
    space = getattr(broker, "namespace", "dramatiq")
    return records.queue_of("%s %s:%s" % (server, space, name), name)


def attempt_of(message):
    """What names an attempt on both sides."""
    return message.options.get("retries") or 0


def before_event(broker, event, *args, **_):
    if event == "enqueue":
        # A worker may begin it before this call is back.
        S.addition = records.Addition()
    if event != "process_message":
        return
    (message,) = args
    queue = queue_of(broker, message)
    if queue is None:
        return
    number = attempt_of(message)
    name = message.actor_name if number == 0 else "%s (attempt %d)" % (message.actor_name, number + 1)
    S.attempt = records.begin_attempt(queue, message.message_id, name, str(number), number + 1)


def begin_after(broker, event, *args, **options):
    attempt = S.attempt
    if event == "enqueue":
        message, delay = args
        note_enqueued(broker, message, None if delay is None else int(delay))
        return None
    if event not in ("process_message", "skip_message") or attempt is None:
        return None
    # What it failed with stands before the broker's middleware asks for another attempt.
    attempt.error = options.get("exception")
    return attempt


def note_enqueued(broker, message, delay):
    attempt = S.attempt
    addition, S.addition = S.addition, None
    number = str(attempt_of(message))
    if attempt is not None and attempt.job_id == message.message_id:
        records.ask_again(attempt, number, delay or 0, addition and addition.t)
    # What a worker's own thread moves from one list to another was asked for before.
    elif S.current != 0 and addition is not None:
        queue = queue_of(broker, message)
        if queue is not None:
            records.added(queue, message.message_id, message.actor_name, number, addition, delay)


def finish_after(attempt):
    if attempt is not None:
        S.attempt = None
        error = attempt.error
        site = 0
        if error is not None:
            site = lifecycle.failure_site(error.__traceback__)
        records.end_attempt(attempt, site)


def install(module):
    rows = [
        (module.Broker, "emit_before", guarded(before_event), None, None),
        (module.Broker, "emit_after", guarded(begin_after), None, guarded(finish_after)),
    ]
    put_in("dramatiq", rows)
