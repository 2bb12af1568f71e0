/**
 * Permits that tasks acquire and release, in the order of asking: the common part of a lock (one
 * permit, and it knows its holder) and a semaphore. A released permit goes to the first waiting
 * task at once. A permit that was handed to a task which was cancelled before it ran goes on to the
 * next.
 */
import { KIND, REASON } from '../trace/format/kinds.ts';
import { abortable, type SignalOptions } from '../tasks/core/abort.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import { AsyncTail } from '../tasks/core/async-body.ts';
import { DONE } from '../tasks/core/future-state.ts';
import { type KeptLine, keepLine } from '../tasks/core/kept-line.ts';
import type { Blocker, WaitingTask } from '../tasks/core/stuck.ts';
import type { Future } from '../tasks/core/future.ts';
import { type Runner, scheduler, type WaitSubject } from '../tasks/core/runner.ts';
import { isGeneratorFunction } from '../tasks/core/generators.ts';
import { spawn, spawnTail } from '../tasks/core/spawn.ts';
import type { Coroutine, Task, TaskBody, TaskOptions } from '../tasks/core/task.ts';
import { recorder, traced } from '../tasks/core/trace.ts';
import { beginResource, checkSyncOptions, describeResource, ResourceOperation } from './resource.ts';
import { askingTask, WaitQueue, WaitQueueEntry } from './wait-queue.ts';

/** How a lock, an event, … is made. */
export interface SyncOptions {
  /** How the trace and messages call it. */
  readonly name?: string;
}

/**
 * What `acquire` gives: the right to go on, until it is released.
 * `using permit = yield* lock.acquire()` releases it at the end of the block.
 */
export class Permit implements Disposable {
  /** @internal The task that took it; null when that is not known. */
  readonly owner: Runner | null;
  readonly #pool: PermitPool;
  /** It has not been released. */
  isHeld = true;
  #line: KeptLine | null = null;
  /** How many permits of the pool it stands for. */
  readonly permits: number;

  /** @internal Given by `acquire`. */
  constructor(pool: PermitPool, owner: Runner | null, permits: number) {
    this.#pool = pool;
    this.owner = owner;
    this.permits = permits;
  }

  /** @internal Where it was asked for; null: not kept. */
  get line(): KeptLine | null {
    return this.#line;
  }

  /** @internal */
  keepLine(line: KeptLine | null): void {
    this.#line = line;
  }

  /** Releases the permit; a second call does nothing. */
  release(): void {
    if (!this.isHeld) return;
    this.#pool.releasePermit(this);
  }

  /** At the end of the block of a `using`: `release`. */
  [Symbol.dispose](): void {
    this.release();
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Permit of ${this.#pool.describe()} (${this.isHeld ? 'held' : 'released'})`;
  }
}

/** A wait for a permit. */
export abstract class PermitRequest<T> extends WaitQueueEntry<T> {
  /** @internal */
  protected readonly pool: PermitPool;
  /** The task that asked; null when that is not known. */
  readonly requester: Runner | null = scheduler.currentRunner();
  /** The permit that it held before and gets again; null: it gets a new one. */
  reacquired: Permit | null = null;
  /** How many permits it needs. */
  permits = 1;

  /** @param line where it was asked for; absent: by the code that executes */
  constructor(subject: WaitSubject, pool: PermitPool, line?: KeptLine | null) {
    super(subject);
    this.pool = pool;
    this.keepLine(line);
  }

  /** @internal Whoever holds a permit. */
  blockers(): readonly Blocker[] {
    const holds = this.pool.describe();
    return this.pool
      .heldPermits()
      .flatMap(({ owner, line }) => (owner === null ? [] : [{ task: owner as WaitingTask, holds, line }]));
  }

  /** @internal */
  get needsOne(): boolean {
    return true;
  }

  /** It has the permit. */
  abstract granted(permit: Permit): void;
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
  readonly #operation: ResourceOperation;

  /** @internal */
  constructor(kind: 'lock' | 'semaphore', permits: number, options: SyncOptions) {
    this.#kind = kind;
    this.name = checkSyncOptions(kind, options);
    this.left = permits;
    this.id = beginResource(kind, this.name, permits);
    this.#operation = new ResourceOperation(REASON[kind], this.id, () => `acquire() of ${this.describe()}`);
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
  with<T>(fn: TaskBody<T>, options: TaskOptions = {}): Task<T> {
    return this.runWith(fn, 1, options);
  }

  /** @internal */
  protected runWith<T>(fn: TaskBody<T>, permits: number, options: TaskOptions): Task<T> {
    if (typeof fn !== 'function')
      throw new TypeError(`with() of ${this.describe()} needs a function, not ${describeValue(fn)}`);
    const ofTask = { ...options, name: options.name ?? (fn.name || `with ${this.describe()}`) };
    if (!isGeneratorFunction(fn))
      return spawnTail(this.#runAsync(fn as () => PromiseLike<T> | T, permits), ofTask);
    return spawn(() => this.#runCoroutine(fn as () => Coroutine<T>, permits), ofTask);
  }

  *#runCoroutine<T>(fn: () => Coroutine<T>, permits: number): Coroutine<T> {
    const permit = yield* this.#takeFor(permits);
    try {
      return yield* fn();
    } finally {
      permit.release();
    }
  }

  /** The function's promise and its context are made only when the permit is there. */
  *#runAsync<T>(fn: () => PromiseLike<T> | T, permits: number): Coroutine<unknown> {
    const permit = yield* this.#takeFor(permits);
    return new AsyncTail(fn, () => permit.release());
  }

  /** For the task that executes, which asked where it was made. */
  #takeFor(permits: number): Future<Permit> {
    const line = (scheduler.currentRunner() as Task | null)?.origin ?? null;
    return this.take(permits, line);
  }

  /** @internal For error messages: `lock "db"`. */
  describe(): string {
    return describeResource(this.#kind, this.name);
  }

  // What follows is for the operations.

  /** @internal */
  abstract heldPermits(): readonly Permit[];

  /** @internal */
  enqueue(request: PermitRequest<unknown>): void {
    // Nobody goes past one that waits for more permits.
    if (this.left >= request.permits && this.waiters.size === 0) this.#grant(request);
    else this.waiters.add(request);
  }

  /** @internal */
  protected take(permits: number, line?: KeptLine | null): Future<Permit> {
    const request = new AcquireRequest(this.#operation, this, line);
    request.permits = permits;
    this.enqueue(request as PermitRequest<unknown>);
    return request;
  }

  /** @internal */
  protected tryTake(permits: number): Permit | null {
    if (this.left < permits || this.waiters.size > 0) return null;
    const permit = new Permit(this, scheduler.currentRunner(), permits);
    permit.keepLine(keepLine(this.tryTake));
    this.#give(permit, traced ? askingTask() : 0);
    return permit;
  }

  /** @internal */
  releasePermit(permit: Permit): void {
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
  protected permitReleased(_permit: Permit): void {}
  /** @internal */
  protected permitTaken(_permit: Permit): void {}

  #grant(request: PermitRequest<unknown>): void {
    const permit = request.reacquired ?? new Permit(this, request.requester, request.permits);
    permit.isHeld = true;
    permit.keepLine(request.line);
    this.#give(permit, request.asker);
    request.granted(permit);
  }

  #give(permit: Permit, asker: number): void {
    this.left -= permit.permits;
    this.permitTaken(permit);
    if (traced) recorder.write(KIND.acquire, 0, asker, this.id, this.left, asker, 0);
  }
}

class AcquireRequest extends PermitRequest<Permit> {
  granted(permit: Permit): void {
    this.settle(DONE, permit);
  }
  /** One that gives up may have kept back others that need fewer. */
  protected override onCancelled(): void {
    super.onCancelled();
    this.pool.grantWaiting();
  }
  protected override release(permit: Permit): void {
    permit.release();
  }
}
