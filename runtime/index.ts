/**
 * What a program imports from `simul`, and nothing else. Sorted by folder; every exported name has
 * a docstring. `simul/trace` (launch/index.ts) reads traces.
 */
export { type BodyOptions } from './parallel/body/body.ts';
export { Process } from './parallel/body/process.ts';
export { Thread } from './parallel/body/thread.ts';
export { cpuCount } from './parallel/core/cpu-count.ts';
export { PoolClosedError, WorkerError } from './parallel/core/errors.ts';
export { isMain } from './parallel/functions/in-worker.ts';
export { workerModule, type WorkerModule } from './parallel/functions/worker-module.ts';
export { type ImapCall } from './parallel/pool/imap-call.ts';
export {
  type Callbacks,
  type CallOptions,
  type ImapOptions,
  type MapOptions,
  type PoolOptions,
} from './parallel/pool/pool-options.ts';
export { type PoolStats } from './parallel/pool/pool-stats.ts';
export { Pool } from './parallel/pool/pool.ts';
export { move } from './parallel/transport/move.ts';
export { SharedCounter } from './parallel/shared/shared-counter.ts';
export { SharedLock } from './parallel/shared/shared-lock.ts';
export { Barrier } from './sync/barrier.ts';
export { Condition, type ConditionOptions } from './sync/condition.ts';
export { BrokenBarrier, NotHeld, QueueClosed, QueueEmpty, QueueFull } from './sync/errors.ts';
export { Event } from './sync/event.ts';
export { KeyedRateLimiter } from './sync/keyed-rate-limiter.ts';
export { KeyedSemaphore } from './sync/keyed-semaphore.ts';
export { Lock } from './sync/lock.ts';
export { LifoQueue, PriorityQueue, type PriorityQueueOptions } from './sync/ordered-queues.ts';
export { type Permit } from './sync/permit.ts';
export { type SyncOptions } from './sync/permit-pool.ts';
export { Queue, type QueueOptions } from './sync/queue.ts';
export { RateLimiter, type RateLimiterOptions } from './sync/rate-limiter.ts';
export { type LockSide, ReadWriteLock, type ReadWriteLockOptions } from './sync/read-write-lock.ts';
export { type AcquireOptions, Semaphore } from './sync/semaphore.ts';
export { type SubscribeOptions, type Subscription, Topic } from './sync/topic.ts';
export { asCompleted, type AsCompletedOptions } from './tasks/combinators/as-completed.ts';
export { collect, type ConcurrentOptions, filter, map } from './tasks/combinators/comprehension.ts';
export { debounce, throttle } from './tasks/combinators/debounce.ts';
export { every, type EveryOptions } from './tasks/combinators/every.ts';
export { gather, type GatherOptions } from './tasks/combinators/gather.ts';
export { type Iterated } from './tasks/combinators/iterated.ts';
export { merge } from './tasks/combinators/merge.ts';
export { race } from './tasks/combinators/race.ts';
export { OutOfTries, retry, type RetryOptions } from './tasks/combinators/retry.ts';
export { select, type Selected } from './tasks/combinators/select.ts';
export { shield } from './tasks/combinators/shield.ts';
export { group, type TaskGroup } from './tasks/combinators/task-group.ts';
export { Timeout, timeout, type TimeoutOptions, waitFor } from './tasks/combinators/timeout.ts';
export { until } from './tasks/combinators/until.ts';
export { wait, type Waited, type WaitOptions, type WaitUntil } from './tasks/combinators/wait.ts';
export { type SignalOptions } from './tasks/core/abort.ts';
export { type AllEnded, type Awaitable, type Ended } from './tasks/core/awaitable.ts';
export { ContextVariable, type ContextVariableOptions } from './tasks/core/context-variable.ts';
export {
  type BareCoroutine,
  coroutine,
  type CoroutineOptions,
  StopIteration,
} from './tasks/core/coroutine.ts';
export { CancelledError, DeadlockError, InvalidStateError, TimeoutError } from './tasks/core/errors.ts';
export { Future } from './tasks/core/future.ts';
export { createTask, spawn } from './tasks/core/spawn.ts';
export {
  type CancelOptions,
  type Coroutine,
  type TaskBody,
  type TaskOptions,
  type Yielded,
} from './tasks/core/task-body.ts';
export { Task } from './tasks/core/task.ts';
export { random } from './tasks/run/random.ts';
export { runForever, stop } from './tasks/run/run-forever.ts';
export { allTasks, currentTask, run, type RunOptions } from './tasks/run/run.ts';
export { onSignal } from './tasks/run/signals.ts';
export { now, sleep } from './tasks/time/clock.ts';
