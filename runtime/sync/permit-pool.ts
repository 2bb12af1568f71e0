/**
 * Permits that tasks acquire and release, in the order of asking: the common part of a lock (one
 * permit, and it knows its holder) and a semaphore. A released permit goes to the first waiting
 * task at once. A permit that was handed to a task which was cancelled before it ran goes on to the
 * next.
 */
import { KIND, REASON } from '../trace/format/kinds.ts';
import { abortable, type SignalOptions } from '../tasks/core/abort.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import { type KeptLine, keepLine } from '../tasks/core/kept-line.ts';
import type { Future } from '../tasks/core/future.ts';
import { scheduler } from '../tasks/core/runner.ts';
import { isGeneratorFunction } from '../tasks/core/generators.ts';
import { spawn, spawnTail } from '../tasks/core/spawn.ts';
import type { Coroutine, Task, TaskBody, TaskOptions } from '../tasks/core/task.ts';
import { recorder, traced } from '../tasks/core/trace.ts';
import { AcquireRequest, type Holding, Permit, type PermitRequest, WithCall } from './permit.ts';
import { beginResource, checkSyncOptions, describeResource, ResourceOperation } from './resource.ts';
import { askingTask, WaitQueue } from './wait-queue.ts';

/** How a lock, an event, … is made. */
export interface SyncOptions {
  /** How the trace and messages call it. */
  readonly name?: string;
}

export abstract class PermitPool {
  /** As given; `''` without. */
  readonly name: string;
  /** @internal Its id in the trace. */
  readonly id: number;
  /** @internal */
  protected readonly waiters = new WaitQueue<PermitRequest<unknown>>();
  /** @internal */
  protected left: number;
  readonly #kind: 'lock' | 'semaphore';
  /** @internal */
  readonly operation: ResourceOperation;
  /** What the tasks of `with` are called whose functions have no name. */
  #withName = '';

  /** @internal */
  constructor(kind: 'lock' | 'semaphore', permits: number, options: SyncOptions) {
    this.#kind = kind;
    this.name = checkSyncOptions(kind, options);
    this.left = permits;
    this.id = beginResource(kind, this.name, permits);
    this.operation = new ResourceOperation(REASON[kind], this.id, () => `acquire() of ${this.describe()}`);
  }

  /**
   * Takes a permit as soon as there is one, in the order of asking. The permit releases it:
   * `using permit = yield* lock.acquire()` in a coroutine, `using permit = await lock.acquire()` in
   * an async function; or call `release()`.
   */
  acquire(options?: SignalOptions): Future<Permit> {
    if (options !== undefined) return abortable('acquire()', options, () => this.take(1));
    return this.take(1);
  }

  /**
   * A permit if there is one now and nobody waits for it; else null. Nothing is waited for. After
   * the acquire(blocking=False) of threading.
   */
  tryAcquire(): Permit | null {
    return this.tryTake(1);
  }

  /**
   * Calls `fn` while holding a permit, in a task of its own, and releases it however that ends.
   * @param fn a coroutine (`function*`) or an async function, without arguments. While it runs, its
   *   task holds the permit.
   * @returns its task: waiting for it gives the result; cancelling it cancels `fn` and releases the
   *   permit when its clean-up has run.
   */
  with<T>(fn: () => Coroutine<T>, options?: TaskOptions): Task<T>;
  with<T>(fn: () => PromiseLike<T> | T, options?: TaskOptions): Task<T>;
  with<T>(fn: TaskBody<T>, options?: TaskOptions): Task<T> {
    return this.runWith(fn, 1, options);
  }

  /** @internal */
  protected runWith<T>(fn: TaskBody<T>, permits: number, options: TaskOptions | undefined): Task<T> {
    if (typeof fn !== 'function')
      throw new TypeError(`with() of ${this.describe()} needs a function, not ${describeValue(fn)}`);
    const name = options?.name ?? (fn.name || (this.#withName ||= `with ${this.describe()}`));
    if (!isGeneratorFunction(fn)) return spawnTail<T>(new WithCall(this, permits, fn), name, options);
    return spawn(() => this.#runCoroutine(fn as () => Coroutine<T>, permits), { ...options, name });
  }

  *#runCoroutine<T>(fn: () => Coroutine<T>, permits: number): Coroutine<T> {
    // It asks where its task was made.
    const permit = yield* this.take(permits, (scheduler.current as Task).origin);
    try {
      return yield* fn();
    } finally {
      permit.release();
    }
  }

  /** @internal For error messages: `lock "db"`. */
  describe(): string {
    return describeResource(this.#kind, this.name);
  }

  // What follows is for the operations.

  /** @internal */
  abstract heldPermits(): readonly Holding[];

  /** @internal */
  enqueue(request: PermitRequest<unknown>): void {
    // Nobody goes past one that waits for more permits.
    if (this.left >= request.permits && this.waiters.size === 0) this.#grant(request);
    else this.waiters.add(request);
  }

  /** @internal */
  protected take(permits: number, line?: KeptLine | null): Future<Permit> {
    const request = new AcquireRequest(this, permits, line);
    this.enqueue(request as PermitRequest<unknown>);
    return request;
  }

  /** @internal */
  protected tryTake(permits: number): Permit | null {
    if (this.left < permits || this.waiters.size > 0) return null;
    const permit = new Permit(this, scheduler.currentRunner(), permits);
    permit.hold(keepLine(this.tryTake));
    this.#give(permit, traced ? askingTask() : 0);
    return permit;
  }

  /** @internal */
  releasePermit(permit: Holding): void {
    permit.isHeld = false;
    this.left += permit.permits;
    this.permitReleased(permit);
    if (traced) recorder.write(KIND.release, 0, askingTask(), this.id, this.left, 0, 0);
    this.grantWaiting();
  }

  /** @internal The permits that are left go to those that wait, in their order. */
  grantWaiting(): void {
    for (
      let { first } = this.waiters;
      first !== null && this.left >= first.permits;
      { first } = this.waiters
    ) {
      this.waiters.remove(first);
      this.#grant(first);
    }
  }

  /** @internal */
  protected permitReleased(_permit: Holding): void {}
  /** @internal */
  protected permitTaken(_permit: Holding): void {}

  #grant(request: PermitRequest<unknown>): void {
    const permit = request.holding();
    permit.hold(request.line);
    this.#give(permit, request.asker);
    request.granted(permit);
  }

  #give(permit: Holding, asker: number): void {
    this.left -= permit.permits;
    this.permitTaken(permit);
    if (traced) recorder.write(KIND.acquire, 0, asker, this.id, this.left, asker, 0);
  }
}
