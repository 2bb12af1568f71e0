"""multiprocessing.pool: see process_hooks.py."""
from _simul.process_hooks import (
    after_take,
    before_give,
    before_take,
    before_worker,
    finish_pool,
    finish_result,
)
from _simul.state import guarded
from _simul.threading_hooks import itself, put_in


def install(pool):
    import multiprocessing.queues as queues

    rows = [
        (pool, "worker", guarded(before_worker), None, None),
        (pool.Pool, "__init__", itself, None, guarded(finish_pool)),
        (pool.ApplyResult, "__init__", itself, None, guarded(finish_result)),
        (queues.SimpleQueue, "get", guarded(before_take), after_take, None),
        (queues.SimpleQueue, "put", guarded(before_give), None, None),
    ]
    put_in("multiprocessing.pool", rows)
