/**
 * The library's one front door: what a program imports from `simul`. Sorted by folder; every name that goes out here has a docstring.
 * Reading traces is `simul/trace` (launch/index.ts).
 */
export { Process, Thread, type BodyOptions } from './parallel/body.ts';
export { cpuCount } from './parallel/cpu-count.ts';
export { PoolClosedError, WorkerError } from './parallel/errors.ts';
export { isMain } from './parallel/functions/in-worker.ts';
export { type ImapCall } from './parallel/imap-call.ts';
export {
  type Callbacks,
  type CallOptions,
  type ImapOptions,
  type MapOptions,
  type PoolOptions,
} from './parallel/pool-options.ts';
export { Pool } from './parallel/pool.ts';
export { SharedCounter, SharedLock } from './parallel/shared.ts';
export { Barrier } from './sync/barrier.ts';
export { Condition, type ConditionOptions } from './sync/condition.ts';
export { BrokenBarrier, NotHeld, QueueClosed, QueueEmpty, QueueFull } from './sync/errors.ts';
export { Event } from './sync/event.ts';
export { Lock } from './sync/lock.ts';
export { LifoQueue, PriorityQueue, type PriorityQueueOptions } from './sync/ordered-queues.ts';
export { type Held, type SyncOptions } from './sync/permits.ts';
export { Queue, type QueueOptions } from './sync/queue.ts';
export { Semaphore } from './sync/semaphore.ts';
export { asCompleted, type AsCompletedOptions } from './tasks/as-completed.ts';
export { type AllEnded, type Awaitable, type Ended } from './tasks/awaitable.ts';
export { now, sleep } from './tasks/clock.ts';
export { collect, filter, type Iterated, map } from './tasks/comprehension.ts';
export { type BareCoroutine, coroutine, type CoroutineOptions, StopIteration } from './tasks/coroutine.ts';
export { CancelledError, InvalidStateError, TimeoutError } from './tasks/errors.ts';
export { Future } from './tasks/future.ts';
export { gather, type GatherOptions } from './tasks/gather.ts';
export { group, type TaskGroup } from './tasks/group.ts';
export { merge } from './tasks/merge.ts';
export { race } from './tasks/race.ts';
export { random } from './tasks/random.ts';
export { OutOfTries, retry, type RetryOptions } from './tasks/retry.ts';
export { runForever, stop } from './tasks/run-forever.ts';
export { allTasks, createTask, currentTask, run, type RunOptions, spawn } from './tasks/run.ts';
export { shield } from './tasks/shield.ts';
export { onSignal } from './tasks/signals.ts';
export { type Coroutine, Task, type TaskBody, type TaskOptions, type Yielded } from './tasks/task.ts';
export { Timeout, timeout, waitFor } from './tasks/timeout.ts';
export { wait, type Waited, type WaitOptions, type WaitUntil } from './tasks/wait.ts';
