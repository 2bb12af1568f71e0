/**
 * So many starts in any stretch of time. The times of the last starts stand in a ring; who comes
 * when it is full waits until the oldest of them is old enough. First come, first served.
 */
import { REASON } from '../trace/format/kinds.ts';
import { abortable, type SignalOptions } from '../tasks/core/abort.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import { DONE } from '../tasks/core/future-state.ts';
import type { Future } from '../tasks/core/future.ts';
import { currentClock, type Clock } from '../tasks/time/clocks.ts';
import type { SyncOptions } from './permit-pool.ts';
import {
  beginResource,
  checkSyncOptions,
  describeResource,
  ResourceOperation,
  showResource,
  showWaiters,
} from './resource.ts';
import { WaitQueue, WaitQueueEntry } from './wait-queue.ts';

/** How a rate limiter is made. */
export interface RateLimiterOptions extends SyncOptions {
  /** The stretch of time in ms that the limit is for; without it 1000. */
  readonly per?: number;
}

/**
 * Lets at most so many begin within any stretch of time, on the clock of the run. After p-throttle
 * and the sliding window of rate limits.
 * @example
 * const calls = new RateLimiter(2, { per: 1000 });
 * const main = async () => {
 *   const starts = [];
 *   for (let call = 0; call < 5; call++) { await calls.acquire(); starts.push(now()); }
 *   return starts;
 * };
 * await run(main, { clock: 'virtual' }); // → [0, 0, 1000, 1000, 2000]
 */
export class RateLimiter {
  /** As given; `''` without. */
  readonly name: string;
  /** How many may begin in each stretch of time. */
  readonly limit: number;
  /** The stretch of time in ms. */
  readonly per: number;
  readonly #operation: ResourceOperation;
  readonly #waiters = new WaitQueue<WaitQueueEntry<void>>();
  /** When the last ones began, a ring of `limit` times at most. */
  readonly #startsMs: number[] = [];
  /** Where the oldest of them stands. */
  #oldest = 0;
  #sleep: Future | null = null;

  /**
   * @param limit a whole number from 1 up.
   * @throws RangeError for a limit or a `per` that is none.
   */
  constructor(limit: number, options: RateLimiterOptions = {}) {
    if (!(Number.isSafeInteger(limit) && limit > 0))
      throw new RangeError(`a rate limiter needs a whole number from 1 up, not ${describeValue(limit)}`);
    this.name = checkSyncOptions('rate limiter', options, 'per');
    const { per = 1000 } = options;
    if (!(typeof per === 'number' && per > 0 && per < Infinity))
      throw new RangeError(
        `the per of a rate limiter must be a number of ms above 0, not ${describeValue(per)}`,
      );
    this.limit = limit;
    this.per = per;
    const id = beginResource('semaphore', this.name, limit);
    this.#operation = new ResourceOperation(
      REASON.semaphore,
      id,
      () => `acquire() of ${describeResource('rate limiter', this.name)}`,
    );
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /**
   * Done when one more may begin. Nothing is to be given back; the turn of one that is cancelled
   * before it could begin is lost.
   */
  acquire(options?: SignalOptions): Future<void> {
    if (options !== undefined) return abortable('acquire()', options, () => this.acquire());
    const turn = new WaitQueueEntry<void>(this.#operation);
    this.#waiters.add(turn);
    this.#letBegin(currentClock());
    return turn;
  }

  /** True when one may begin now and nobody waits; it then counts as begun. */
  tryAcquire(): boolean {
    const { nowMs } = currentClock();
    if (this.#waiters.size > 0 || this.#waitMs(nowMs) > 0) return false;
    this.#begin(nowMs);
    return true;
  }

  /** How long from now until one may begin, in ms. */
  #waitMs(nowMs: number): number {
    if (this.#startsMs.length < this.limit) return 0;
    return this.#startsMs[this.#oldest]! + this.per - nowMs;
  }

  /** @internal Nobody waits, and what began counts no more: it is as when it was made. */
  isIdleAt(nowMs: number): boolean {
    const count = this.#startsMs.length;
    if (this.#waiters.size > 0 || count === 0) return this.#waiters.size === 0;
    return nowMs - this.#startsMs[(this.#oldest + count - 1) % count]! >= this.per;
  }

  #begin(nowMs: number): void {
    if (this.#startsMs.length < this.limit) {
      this.#startsMs.push(nowMs);
      return;
    }
    this.#startsMs[this.#oldest] = nowMs;
    this.#oldest = (this.#oldest + 1) % this.limit;
  }

  #letBegin(clock: Clock): void {
    while (this.#waiters.first !== null) {
      const { nowMs } = clock;
      const waitMs = this.#waitMs(nowMs);
      if (waitMs > 0) {
        this.#sleep ??= clock.sleep(waitMs, undefined).onDone(() => {
          this.#sleep = null;
          this.#letBegin(clock);
        });
        return;
      }
      this.#begin(nowMs);
      this.#waiters.removeFirst()!.settle(DONE, undefined);
    }
    this.#sleep?.cancel();
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showResource('RateLimiter', this.name, [
      `${this.limit} per ${this.per} ms`,
      showWaiters(this.waiting),
    ]);
  }
}
