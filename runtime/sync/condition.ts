/**
 * Waiting for something that other tasks bring about under a lock. After asyncio.Condition.
 *
 *   holds the lock ── wait ─▶ waits here ── notify ─▶ waits for the lock ─▶ holds the lock
 *                                 └───────── cancelled ───────┘       (only then it throws)
 *
 * However a wait ends, the lock is held again. A notification that a cancelled task will not use
 * goes on to the next one (as since Python 3.13).
 */
import { REASON } from '../trace/format/kinds.ts';
import { abortable, type SignalOptions } from '../tasks/core/abort.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import { toCancelledError } from '../tasks/core/cancellation.ts';
import type { CancelledError } from '../tasks/core/errors.ts';
import { CANCELLED, DONE, FAILED, STATE } from '../tasks/core/future-state.ts';
import type { Future } from '../tasks/core/future.ts';
import { scheduler } from '../tasks/core/runner.ts';
import type { Blocker } from '../tasks/core/stuck.ts';
import { type Step } from '../tasks/core/scheduler.ts';
import { Lock } from './lock.ts';
import { type Holding, type Permit, PermitRequest } from './permit.ts';
import type { SyncOptions } from './permit-pool.ts';
import {
  beginResource,
  checkSyncOptions,
  describeResource,
  ResourceOperation,
  showResource,
  showWaiters,
} from './resource.ts';
import { WaitQueue } from './wait-queue.ts';

/** How a condition is made. */
export interface ConditionOptions extends SyncOptions {
  /** Several conditions can share a lock. Without it: a lock of its own. */
  readonly lock?: Lock;
}

/**
 * Tasks that hold its lock can wait until another that holds it notifies them. After
 * asyncio.Condition.
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
  /** A task must hold it to wait or to notify. */
  readonly lock: Lock;
  /** @internal The description of its waits. */
  readonly operation: ResourceOperation;
  readonly #waiters = new WaitQueue<ConditionWait<unknown>>();

  /** @throws TypeError at once when `lock` is no Lock, or the name no text. */
  constructor(options: ConditionOptions = {}) {
    this.name = checkSyncOptions('condition', options, 'lock');
    if (options.lock !== undefined && !(options.lock instanceof Lock))
      throw new TypeError(
        `the lock of ${this.describe()} must be a Lock, not ${describeValue(options.lock)}`,
      );
    const id = beginResource('condition', this.name, Infinity);
    this.operation = new ResourceOperation(REASON.condition, id, () => `wait() for ${this.describe()}`);
    this.lock = options.lock ?? new Lock({ name: this.name });
  }

  /** Takes its lock, as `lock.acquire()` does. */
  acquire(options?: SignalOptions): Future<Permit> {
    return this.lock.acquire(options);
  }

  /** Gives its lock back. @throws NotHeld when the caller does not hold it. */
  release(): void {
    this.lock.release();
  }

  /**
   * Releases the lock, waits to be notified, and holds the lock again when it goes on, also when it
   * was cancelled. The result is true, as asyncio's.
   * @throws NotHeld at once when the caller does not hold the lock.
   */
  wait(options?: SignalOptions): Future<true> {
    if (options !== undefined) return abortable('wait() for a condition', options, () => this.wait());
    const wait = new ConditionWait<true>(this, this.#permitOf('wait'), null);
    wait.releaseLock();
    return wait;
  }

  /**
   * Waits until the predicate gives something true, which is the result. It is called at once, and
   * then under the lock after each notification.
   * @throws NotHeld at once when the caller does not hold the lock; (fails) with what the predicate
   *   throws, the lock being held.
   */
  waitFor<T>(predicate: () => T, options?: SignalOptions): Future<T> {
    if (options !== undefined)
      return abortable('waitFor() of a condition', options, () => this.waitFor(predicate));
    if (typeof predicate !== 'function')
      throw new TypeError(
        `waitFor() of ${this.describe()} needs a function to ask, not ${describeValue(predicate)}`,
      );
    const wait = new ConditionWait<T>(this, this.#permitOf('waitFor'), predicate);
    const value = predicate();
    if (value) wait.settle(DONE, value);
    else wait.releaseLock();
    return wait;
  }

  /**
   * Lets so many waiting tasks go on, in the order of asking; each does when it has the lock.
   * @throws NotHeld when the caller does not hold the lock; RangeError for no whole number from 0
   *   up.
   */
  notify(count = 1): void {
    if (!(Number.isSafeInteger(count) && count >= 0))
      throw new RangeError(
        `notify() of ${this.describe()} needs a whole number from 0 up, not ${describeValue(count)}`,
      );
    this.#permitOf('notify');
    this.wakeWaiters(count);
  }

  /** Lets all waiting tasks go on. @throws NotHeld when the caller does not hold the lock. */
  notifyAll(): void {
    this.#permitOf('notifyAll');
    this.wakeWaiters(this.#waiters.size);
  }

  /** @internal For error messages: `condition "table"`. */
  describe(): string {
    return describeResource('condition', this.name);
  }

  // What follows is for the waits.

  /** @internal */
  wakeWaiters(count: number): void {
    for (let left = count; left > 0 && this.#waiters.first !== null; left--)
      this.#waiters.removeFirst()!.reacquireLock();
  }

  /** @internal */
  addWaiting(wait: ConditionWait<unknown>): void {
    this.#waiters.add(wait);
  }

  /** @internal */
  isWaiting(wait: ConditionWait<unknown>): boolean {
    return wait.waitQueue === (this.#waiters as unknown);
  }

  /** @internal */
  removeWaiting(wait: ConditionWait<unknown>): boolean {
    if (!this.isWaiting(wait)) return false;
    this.#waiters.remove(wait);
    return true;
  }

  #permitOf(call: string): Holding {
    return this.lock.permitOf(call);
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showResource('Condition', this.name, [
      this.#waiters.size === 0 ? 'nobody waits' : showWaiters(this.#waiters.size),
      this.lock.isLocked ? 'its lock is held' : 'its lock is free',
    ]);
  }
}

class ConditionWait<T> extends PermitRequest<T> implements Step {
  readonly #condition: Condition;
  readonly #predicate: (() => T) | null;
  /** What it holds, but for the wait. */
  readonly #permit: Holding;
  #cancellation: CancelledError | null = null;

  constructor(condition: Condition, permit: Holding, predicate: (() => T) | null) {
    super(condition.operation, condition.lock, 1);
    this.keepLine();
    this.#condition = condition;
    this.#permit = permit;
    this.#predicate = predicate;
  }

  /** @internal Until it is notified nobody in particular could end it. */
  override blockers(): readonly Blocker[] {
    return this.#condition.isWaiting(this as ConditionWait<unknown>) ? [] : super.blockers();
  }

  /** From here on it waits to be notified. */
  releaseLock(): void {
    this.#condition.addWaiting(this as ConditionWait<unknown>);
    this.#permit.release();
  }

  /** From here on it waits for the lock. */
  reacquireLock(): void {
    this.#condition.lock.enqueue(this as PermitRequest<unknown>);
  }

  holding(): Holding {
    return this.#permit;
  }

  granted(): void {
    if (this.#cancellation !== null) this.settle(CANCELLED, this.#cancellation);
    else if (this.#predicate === null) this.settle(DONE, true);
    else scheduler.ready(this);
  }

  /**
   * The lock is held again: calls the predicate, in a step of its own, so that it never runs inside
   * the `release` of another task.
   */
  step(): void {
    if (this.flags & STATE) return;
    try {
      const value = this.#predicate!();
      if (value) this.settle(DONE, value);
      else this.releaseLock();
    } catch (error) {
      this.settle(FAILED, error);
    }
  }

  /** Ends as cancelled, but not before it has the lock again. */
  override cancel(reason?: unknown): boolean {
    if (this.flags & STATE) return false;
    if (this.#cancellation !== null) return true;
    const error = toCancelledError(reason);
    this.#cancellation = error;
    if (this.#condition.removeWaiting(this as ConditionWait<unknown>)) this.reacquireLock();
    else {
      this.#condition.wakeWaiters(1);
      // It holds the lock already; only its predicate was still to be called.
      if (this.waitQueue === null) this.settle(CANCELLED, error);
    }
    return true;
  }

  protected override release(): void {
    this.#condition.wakeWaiters(1);
  }
}
