/**
 * Waiting for something that others bring about under a lock. After asyncio.Condition.
 *
 *   holds the lock ── wait ─▶ in line here ── notify ─▶ in line for the lock ─▶ holds the lock
 *                                  └────────── cancelled ──────────┘              (and only then is told so)
 *
 * However a wait ends, the lock is held again. A notification that a cancelled task will not use goes on to the next (as since Python 3.13).
 */
import { REASON } from '../trace/format/kinds.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import { CancelledError } from '../tasks/core/errors.ts';
import { CANCELLED, DONE, FAILED, STATE } from '../tasks/core/future-state.ts';
import { Future } from '../tasks/core/future.ts';
import { scheduler } from '../tasks/core/runner.ts';
import { type Step } from '../tasks/core/scheduler.ts';

import { WaitQueue } from './wait-queue.ts';
import { Lock } from './lock.ts';
import { type Permit, type SyncOptions, PermitRequest } from './permit-pool.ts';
import { beginResource, describeResource, checkSyncOptions } from './resource.ts';

const WAITS_FOR_CONDITION = REASON.condition;

/** How a condition is made. */
export interface ConditionOptions extends SyncOptions {
  /** Several conditions can share a lock. Without it: a lock of its own. */
  readonly lock?: Lock;
}

/**
 * Tasks that hold its lock can wait until another that holds it notifies them. After asyncio.Condition.
 * @example
 * const table = new Condition();
 * const dishes = [];
 * const guest = table.lock.with(async () => {
 *   await table.waitFor(() => dishes.length === 2);
 *   return dishes;
 * });
 * const serve = (dish) => table.lock.with(() => { dishes.push(dish); table.notifyAll(); });
 * await gather([serve('soup'), serve('rice')]);
 * await guest; // → ['soup', 'rice']
 */
export class Condition {
  /** As given; `''` without. */
  readonly name: string;
  /** Whoever waits or notifies must hold it. */
  readonly lock: Lock;
  /** @internal Its id in the trace. */
  readonly id: number;
  readonly #line = new WaitQueue<Wait<unknown>>();

  /** @throws TypeError at once when `lock` is no Lock, or the name no text. */
  constructor(options: ConditionOptions = {}) {
    this.name = checkSyncOptions('condition', options, 'lock');
    if (options.lock !== undefined && !(options.lock instanceof Lock))
      throw new TypeError(
        `the lock of ${this.describe()} must be a Lock, not ${describeValue(options.lock)}`,
      );
    this.id = beginResource('condition', this.name, Infinity);
    this.lock = options.lock ?? new Lock({ name: this.name });
  }

  /** Takes its lock, as `lock.acquire()` does. */
  acquire(): Future<Permit> {
    return this.lock.acquire();
  }

  /** Gives its lock back. @throws NotHeld when the caller does not hold it. */
  release(): void {
    this.lock.release();
  }

  /**
   * Gives the lock away, waits to be notified, and has the lock again when it goes on, also when it was cancelled. Gives true, as asyncio's.
   * @throws NotHeld at once when the caller does not hold the lock.
   */
  wait(): Future<true> {
    const wait = new Wait<true>(this, this.#heldBy('wait'), null);
    wait.giveAway();
    return wait;
  }

  /**
   * Waits until the predicate gives something true, which is the result. It is asked at once, and then under the lock after each notification.
   * @throws NotHeld at once when the caller does not hold the lock; (fails) with what the predicate throws, the lock being held.
   */
  waitFor<T>(predicate: () => T): Future<T> {
    if (typeof predicate !== 'function')
      throw new TypeError(
        `waitFor() of ${this.describe()} needs a function to ask, not ${describeValue(predicate)}`,
      );
    const wait = new Wait<T>(this, this.#heldBy('waitFor'), predicate);
    const value = predicate();
    if (value) wait.settle(DONE, value);
    else wait.giveAway();
    return wait;
  }

  /**
   * Lets so many go on, in the order of their coming; each does when it has the lock.
   * @throws NotHeld when the caller does not hold the lock; RangeError for no whole number from 0 up.
   */
  notify(count = 1): void {
    if (!(Number.isSafeInteger(count) && count >= 0))
      throw new RangeError(
        `notify() of ${this.describe()} needs a whole number from 0 up, not ${describeValue(count)}`,
      );
    this.#heldBy('notify');
    this.passOn(count);
  }

  /** Lets all go on. @throws NotHeld when the caller does not hold the lock. */
  notifyAll(): void {
    this.#heldBy('notifyAll');
    this.passOn(this.#line.size);
  }

  /** @internal For error messages: `condition "table"`. */
  describe(): string {
    return describeResource('condition', this.name);
  }

  // What follows is for the waits.

  /** @internal */
  passOn(count: number): void {
    for (let left = count; left > 0 && this.#line.first !== null; left--)
      this.#line.removeFirst()!.notified();
  }

  /** @internal */
  join(wait: Wait<unknown>): void {
    this.#line.add(wait);
  }

  /** @internal */
  leave(wait: Wait<unknown>): boolean {
    if (wait.waitQueue !== (this.#line as unknown)) return false;
    this.#line.remove(wait);
    return true;
  }

  #heldBy(call: string): Permit {
    return this.lock.heldBy(call);
  }
}

class Wait<T> extends PermitRequest<T> implements Step {
  readonly #condition: Condition;
  readonly #predicate: (() => T) | null;
  #cancelled: CancelledError | null = null;

  constructor(condition: Condition, held: Permit, predicate: (() => T) | null) {
    super();
    this.#condition = condition;
    this.reacquired = held;
    this.#predicate = predicate;
  }

  giveAway(): void {
    this.#condition.join(this as Wait<unknown>);
    this.reacquired!.release();
  }

  notified(): void {
    this.#condition.lock.queueUp(this as PermitRequest<unknown>);
  }

  granted(): void {
    if (this.#cancelled !== null) this.settle(CANCELLED, this.#cancelled);
    else if (this.#predicate === null) this.settle(DONE, true);
    else scheduler.ready(this);
  }

  /** The lock is held again: what does the predicate say? In a step of its own, never inside of somebody's `release`. */
  step(): void {
    if (this.flags & STATE) return;
    try {
      const value = this.#predicate!();
      if (value) this.settle(DONE, value);
      else this.giveAway();
    } catch (error) {
      this.settle(FAILED, error);
    }
  }

  /** It ends as cancelled, but not before it has the lock again. */
  override cancel(why?: unknown): boolean {
    if (this.flags & STATE) return false;
    if (this.#cancelled !== null) return true;
    const error = why instanceof CancelledError ? why : new CancelledError(why);
    this.#cancelled = error;
    if (this.#condition.leave(this as Wait<unknown>)) this.notified();
    else {
      this.#condition.passOn(1);
      // It has the lock and was only to ask its predicate.
      if (this.waitQueue === null) this.settle(CANCELLED, error);
    }
    return true;
  }

  protected override release(): void {
    this.#condition.passOn(1);
  }

  override waitReason(): number {
    return WAITS_FOR_CONDITION;
  }
  override waitTarget(): number {
    return this.#condition.id;
  }
  override describe(): string {
    return `wait() for ${this.#condition.describe()}`;
  }
}
