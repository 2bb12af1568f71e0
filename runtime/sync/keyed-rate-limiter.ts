/** A rate limiter for each key: so many starts in any stretch of time of a host, a user. */
import type { SignalOptions } from '../tasks/core/abort.ts';
import type { Future } from '../tasks/core/future.ts';
import { currentClock } from '../tasks/time/clocks.ts';
import { RateLimiter, type RateLimiterOptions } from './rate-limiter.ts';
import { checkSyncOptions, showResource } from './resource.ts';

/**
 * Lets at most so many of each key begin within any stretch of time, on the clock of the run. The
 * limiter of a key is there while it has something to remember: any number of keys costs nothing
 * for longer than `per`. After the groups of Bottleneck.
 * @example
 * const requests = new KeyedRateLimiter(1, { per: 1000 });
 * const main = async () => {
 *   const starts = [];
 *   for (const host of ['a', 'b', 'a']) { await requests.acquire(host); starts.push(now()); }
 *   return starts;
 * };
 * await run(main, { clock: 'virtual' }); // → [0, 0, 1000]
 */
export class KeyedRateLimiter<Key> {
  /** As given; `''` without. */
  readonly name: string;
  /** How many of each key may begin in each stretch of time. */
  readonly limit: number;
  /** The stretch of time in ms. */
  readonly per: number;
  readonly #limiters = new Map<Key, RateLimiter>();

  /**
   * @param limit of each key, a whole number from 1 up.
   * @throws RangeError for a limit or a `per` that is none.
   */
  constructor(limit: number, options: RateLimiterOptions = {}) {
    this.name = checkSyncOptions('keyed rate limiter', options, 'per');
    // Refuses what is no limit.
    ({ limit: this.limit, per: this.per } = new RateLimiter(limit, { per: options.per ?? 1000 }));
  }

  /** How many keys somebody waits for, or used within the last `per` ms. */
  get size(): number {
    const { nowMs } = currentClock();
    for (const [key, limiter] of this.#limiters) if (limiter.isIdleAt(nowMs)) this.#limiters.delete(key);
    return this.#limiters.size;
  }

  /**
   * Done when one more of the key may begin, in the order of asking. Nothing is to be given back;
   * the turn of one that is cancelled before it could begin is lost.
   */
  acquire(key: Key, options?: SignalOptions): Future<void> {
    return this.#of(key).acquire(options);
  }

  /** True when one of the key may begin now and nobody waits; it then counts as begun. */
  tryAcquire(key: Key): boolean {
    return this.#of(key).tryAcquire();
  }

  #of(key: Key): RateLimiter {
    let limiter = this.#limiters.get(key);
    if (limiter !== undefined) return limiter;
    this.#forgetIdle();
    const name = this.name === '' ? String(key) : `${this.name} ${String(key)}`;
    limiter = new RateLimiter(this.limit, { per: this.per, name });
    this.#limiters.set(key, limiter);
    return limiter;
  }

  /** Looks at two, in turn: a new key adds one. */
  #forgetIdle(): void {
    const { nowMs } = currentClock();
    let looked = 0;
    for (const [key, limiter] of this.#limiters) {
      if (looked++ === 2) return;
      this.#limiters.delete(key);
      if (!limiter.isIdleAt(nowMs)) this.#limiters.set(key, limiter);
    }
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showResource('KeyedRateLimiter', this.name, [
      `${this.limit} per ${this.per} ms of each key`,
      `${this.size} ${this.size === 1 ? 'key' : 'keys'} in use`,
    ]);
  }
}
