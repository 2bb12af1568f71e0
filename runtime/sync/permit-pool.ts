/**
 * Permits that tasks take and give back, in the order of asking: the part that a lock (one permit, and it knows its holder) and a semaphore
 * have in common. A permit that is given back goes to the first in line at once; one that was handed to a task which was
 * cancelled before it ran goes on to the next.
 */
import { describeValue } from '../tasks/core/describe-value.ts';
import { KIND, REASON, type ResourceKind } from '../trace/format/kinds.ts';
import { DONE } from '../tasks/core/future-state.ts';
import type { Future } from '../tasks/core/future.ts';
import { type Runner, scheduler } from '../tasks/core/runner.ts';
import { type Coroutine, Task, type TaskBody } from '../tasks/core/task.ts';
import { isGeneratorFunction } from '../tasks/core/generators.ts';
import { recorder, traced } from '../tasks/core/trace.ts';
import { askingTask, WaitQueueEntry, WaitQueue } from './wait-queue.ts';
import { beginResource, describeResource, checkSyncOptions } from './resource.ts';

/** How a lock, an event, … is made. */
export interface SyncOptions {
  /** How the trace and messages call it. */
  readonly name?: string;
}

/** What `acquire` gives: as long as it is held, the permit is. `using held = yield* lock.acquire()` gives it back at the end of the block. */
export class Permit implements Disposable {
  /** @internal The task that took it; null when that is not known. */
  readonly owner: Runner | null;
  readonly #of: PermitPool;
  /** It has not been given back. */
  isHeld = true;

  /** @internal Given by `acquire`. */
  constructor(of: PermitPool, owner: Runner | null) {
    this.#of = of;
    this.owner = owner;
  }

  /** Gives the permit back; the second time it does nothing. */
  release(): void {
    if (!this.isHeld) return;
    this.#of.releasePermit(this);
  }

  /** At the end of the block of a `using`: `release`. */
  [Symbol.dispose](): void {
    this.release();
  }
}

/** Whoever stands in line for a permit. */
export abstract class PermitRequest<T> extends WaitQueueEntry<T> {
  /** The task that asked; null when that is not known. */
  readonly requester: Runner | null = scheduler.currentRunner();
  /** What it held before and takes up again; null: it is new. */
  reacquired: Permit | null = null;
  /** It is its turn: the permit is its own. */
  abstract granted(held: Permit): void;
}

export abstract class PermitPool {
  /** As given; `''` without. */
  readonly name: string;
  /** @internal Its id in the trace. */
  readonly id: number;
  /** @internal */
  protected readonly line = new WaitQueue<PermitRequest<unknown>>();
  /** @internal */
  protected left: number;
  readonly #kind: 'lock' | 'semaphore';
  readonly #reason: number;

  /** @internal */
  constructor(kind: 'lock' | 'semaphore', permits: number, options: SyncOptions) {
    this.#kind = kind;
    this.name = checkSyncOptions(kind, options);
    this.left = permits;
    this.#reason = REASON[kind];
    this.id = beginResource(kind satisfies ResourceKind, this.name, permits);
  }

  /**
   * Takes a permit as soon as there is one, in the order of asking. What it gives releases it: `using held = yield* lock.acquire()` in a
   * coroutine, `using held = await lock.acquire()` in an async function; or call `release()`.
   */
  acquire(): Future<Permit> {
    const turn = new AcquireRequest(this, this.#reason);
    this.queueUp(turn as PermitRequest<unknown>);
    return turn;
  }

  /**
   * Does something while holding a permit, in a task of its own, and gives it back however that ends.
   * @param fn a coroutine (`function*`) or an async function, without arguments; it is this task that holds the permit while it runs.
   * @returns its task: waiting for it gives the result; cancelling it cancels `fn` and gives the permit back when its clean-up has run.
   */
  with<T>(fn: () => Coroutine<T>): Task<T>;
  with<T>(fn: () => PromiseLike<T> | T): Task<T>;
  with<T>(fn: TaskBody<T>): Task<T> {
    if (typeof fn !== 'function')
      throw new TypeError(`with() of ${this.describe()} needs a function, not ${describeValue(fn)}`);
    const body = isGeneratorFunction(fn)
      ? () => this.#holding(fn as () => Coroutine<T>)
      : () => this.#holdingAsync(fn as () => PromiseLike<T> | T);
    return new Task<T>(body as TaskBody<T>, { name: fn.name || `with ${this.describe()}` });
  }

  *#holding<T>(fn: () => Coroutine<T>): Coroutine<T> {
    const held = yield* this.acquire();
    try {
      return yield* fn();
    } finally {
      held.release();
    }
  }

  async #holdingAsync<T>(fn: () => PromiseLike<T> | T): Promise<T> {
    const held = await this.acquire();
    try {
      return await fn();
    } finally {
      held.release();
    }
  }

  /** @internal For error messages: `lock "db"`. */
  describe(): string {
    return describeResource(this.#kind, this.name);
  }

  // What follows is for the operations.

  /** @internal */
  queueUp(turn: PermitRequest<unknown>): void {
    if (this.left > 0) this.#grant(turn);
    else this.line.add(turn);
  }

  /** @internal */
  releasePermit(held: Permit): void {
    held.isHeld = false;
    this.left++;
    this.released(held);
    if (traced) recorder.write(KIND.release, 0, askingTask(), this.id, this.left, 0, 0);
    const turn = this.line.removeFirst();
    if (turn !== null) this.#grant(turn);
  }

  /** @internal */
  protected released(_held: Permit): void {}
  /** @internal */
  protected taken(_held: Permit): void {}

  #grant(turn: PermitRequest<unknown>): void {
    this.left--;
    const held = turn.reacquired ?? new Permit(this, turn.requester);
    held.isHeld = true;
    this.taken(held);
    if (traced) recorder.write(KIND.acquire, 0, turn.asker, this.id, this.left, turn.asker, 0);
    turn.granted(held);
  }
}

class AcquireRequest extends PermitRequest<Permit> {
  readonly #permits: PermitPool;
  readonly #reason: number;
  constructor(permits: PermitPool, why: number) {
    super();
    this.#permits = permits;
    this.#reason = why;
  }
  granted(held: Permit): void {
    this.settle(DONE, held);
  }
  protected override release(held: Permit): void {
    held.release();
  }
  override waitReason(): number {
    return this.#reason;
  }
  override waitTarget(): number {
    return this.#permits.id;
  }
  override describe(): string {
    return `acquire() of ${this.#permits.describe()}`;
  }
}
