/**
 * What holds permits of a lock or a semaphore, and the waits for them. The call of `with` is both,
 * and the body of its task, too: one object waits for the permit, stands for it, and calls the
 * function.
 */
import { DONE } from '../tasks/core/future-state.ts';
import type { KeptLine } from '../tasks/core/kept-line.ts';
import { type Runner, scheduler, type WaitSubject } from '../tasks/core/runner.ts';
import type { Blocker, WaitingTask } from '../tasks/core/stuck.ts';
import type { AsyncTail } from '../tasks/core/task-body.ts';
import type { Task } from '../tasks/core/task.ts';
import { traced } from '../tasks/core/trace.ts';
import { askingTask, WaitQueueEntry } from './wait-queue.ts';

/** Permits that are held. */
export interface Holding {
  /** The task that took it; null when that is not known. */
  readonly owner: Runner | null;
  /** How many permits of the pool it stands for. */
  readonly permits: number;
  /** Where it was asked for; null: not kept. */
  readonly line: KeptLine | null;
  /** It has not been released. */
  isHeld: boolean;
  /** It is granted, also once more. @param line where it was asked for */
  hold(line: KeptLine | null): void;
  release(): void;
}

/** A lock or a semaphore, as its permits know it. */
export interface PermitSource {
  /** What a wait for a permit of it is for. */
  readonly operation: WaitSubject;
  heldPermits(): readonly Holding[];
  /** The request is granted at once, or else stands in line. */
  enqueue(request: PermitRequest<unknown>): void;
  releasePermit(holding: Holding): void;
  /** The permits that are left go to those that wait, in their order. */
  grantWaiting(): void;
  describe(): string;
}

/**
 * What `acquire` gives: the right to go on, until it is released.
 * `using permit = yield* lock.acquire()` releases it at the end of the block.
 */
export class Permit implements Disposable {
  /** @internal The task that took it; null when that is not known. */
  readonly owner: Runner | null;
  readonly #pool: PermitSource;
  /** It has not been released. */
  isHeld = false;
  #line: KeptLine | null = null;
  /** How many permits of the pool it stands for. */
  readonly permits: number;

  /** @internal Given by `acquire`. */
  constructor(pool: PermitSource, owner: Runner | null, permits: number) {
    this.#pool = pool;
    this.owner = owner;
    this.permits = permits;
  }

  /** @internal Where it was asked for; null: not kept. */
  get line(): KeptLine | null {
    return this.#line;
  }

  /** @internal */
  hold(line: KeptLine | null): void {
    this.isHeld = true;
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
  protected readonly pool: PermitSource;
  /** How many permits it needs. */
  readonly permits: number;

  constructor(subject: WaitSubject, pool: PermitSource, permits: number) {
    super(subject);
    this.pool = pool;
    this.permits = permits;
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

  /** What it holds from now on. */
  abstract holding(): Holding;
  /** It has that. */
  abstract granted(holding: Holding): void;
}

/** A wait of `acquire`. */
export class AcquireRequest extends PermitRequest<Permit> {
  /** The task that asked; null when that is not known. */
  readonly #requester: Runner | null = scheduler.currentRunner();

  /** @param line where it was asked for; absent: by the code that executes */
  constructor(pool: PermitSource, permits: number, line?: KeptLine | null) {
    super(pool.operation, pool, permits);
    this.keepLine(line);
  }
  holding(): Holding {
    return new Permit(this.pool, this.#requester, this.permits);
  }
  granted(permit: Holding): void {
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

/** @internal A call of `with` whose function is async: the body of its task. */
export class WithCall extends PermitRequest<WithCall> implements Holding, AsyncTail {
  readonly fn: () => unknown;
  owner: Runner | null = null;
  isHeld = false;

  constructor(pool: PermitSource, permits: number, fn: () => unknown) {
    super(pool.operation, pool, permits);
    this.fn = fn;
  }

  /** The first step asks for the permit; then it is there, and the function's turn. */
  protected override next(): IteratorResult<unknown, unknown> {
    if (this.owner === null) this.#ask();
    return super.next();
  }
  #ask(): void {
    const task = scheduler.current as Task;
    this.owner = task;
    if (traced) this.asker = askingTask();
    // It asks where its task was made.
    this.keepLine(task.origin);
    this.pool.enqueue(this as PermitRequest<unknown>);
  }
  holding(): Holding {
    return this;
  }
  granted(): void {
    this.settle(DONE, this);
  }
  hold(line: KeptLine | null): void {
    this.isHeld = true;
    this.line = line;
  }
  ended(): void {
    this.release();
  }
  override release(): void {
    if (this.isHeld) this.pool.releasePermit(this);
  }
  /** One that gives up may have kept back others that need fewer. */
  protected override onCancelled(): void {
    super.onCancelled();
    this.pool.grantWaiting();
  }
}
