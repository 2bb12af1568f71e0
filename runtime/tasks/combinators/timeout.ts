/**
 * A limit of time for something that can be cancelled. After asyncio.timeout and asyncio.wait_for,
 * which here are one.
 */
import { type Awaitable, type Ended, futureOf } from '../core/awaitable.ts';
import { sleep } from '../time/clock.ts';
import { externalCancellation, settlerOf, toCancelledError } from '../core/cancellation.ts';
import { InvalidStateError, TimeoutError } from '../core/errors.ts';
import { CANCELLED, DONE, FAILED, STATE } from '../core/future-state.ts';
import type { Future } from '../core/future.ts';
import { Listener } from '../core/listener.ts';
import { checkMs } from '../core/options.ts';
import { CompositeFuture } from './composite-future.ts';

/**
 * Gives what `body` gives, within so many ms. After that `body` is cancelled, and when its clean-up
 * has run the timeout fails with TimeoutError. When the body then gives a result after all, or
 * fails otherwise, the timeout ends in the same way, as in asyncio. A bare promise goes on unseen.
 * For a whole run: its option `deadline`.
 *
 * @param ms from now; 0: `body` gets as far as its first wait; Infinity: no limit.
 * @throws RangeError at once for what is no number of ms from 0 up; TypeError for a body that
 *   cannot be waited for.
 * @example
 * let isClean = false;
 * const slow = async () => { try { await sleep(60_000); } finally { isClean = true; } };
 * await assert.rejects(timeout(5, slow), TimeoutError);
 * isClean; // → true
 */
export function timeout<const A extends Awaitable>(ms: number, body: A): Timeout<Ended<A>> {
  checkMs('the limit of timeout()', ms);
  return new Timeout<Ended<A>>(futureOf('timeout', body), ms);
}

/**
 * `timeout` with its arguments in asyncio's order: what to wait for, and for how many ms at most.
 * After asyncio.wait_for.
 * @throws as `timeout`.
 * @example
 * const meal = new Future();
 * await assert.rejects(waitFor(meal, 5), TimeoutError);
 * meal.isCancelled; // → true
 */
export function waitFor<const A extends Awaitable>(thing: A, ms: number): Timeout<Ended<A>> {
  checkMs('the limit of waitFor()', ms);
  return new Timeout<Ended<A>>(futureOf('waitFor', thing), ms);
}

/**
 * What `timeout` returns: the future of its body's result, whose limit can be changed. After the
 * object of asyncio.timeout.
 * @example
 * const limit = timeout(5, async () => { await sleep(30); return 'late, but there'; });
 * limit.reschedule(60_000);
 * await limit; // → 'late, but there'
 * limit.isExpired; // → false
 */
export class Timeout<T> extends CompositeFuture<T> {
  readonly #body: Future<T>;
  #ms: number;
  #sleep: Future | null = null;
  #listener: Listener | null = null;
  #isExpired = false;

  /** @internal Use `timeout()`. */
  constructor(body: Future<T>, ms: number) {
    super(body, [body as Future]);
    this.#body = body;
    this.#ms = ms;
    new Listener(body as Future, () => this.#ended());
    this.#start(ms);
  }

  /** The limit has passed: the body was cancelled. */
  get isExpired(): boolean {
    return this.#isExpired;
  }

  /**
   * A new limit, in ms from now.
   * @throws InvalidStateError when the old one has passed or the body has ended; RangeError for
   *   what is no number of ms from 0 up.
   */
  reschedule(ms: number): void {
    checkMs('the limit of reschedule()', ms);
    if (this.#isExpired || this.#body.isDone)
      throw new InvalidStateError(`${this.describe()} is over; reschedule() needs one that runs`);
    this.#stop();
    this.#ms = ms;
    this.#start(ms);
  }

  /** Also once the limit has passed: who cancels it then gets a cancellation, no TimeoutError. */
  override cancel(reason?: unknown): boolean {
    if (this.isDone) return false;
    if (!this.#isExpired) return super.cancel(reason);
    this.cancellation ??= toCancelledError(reason);
    return true;
  }

  #start(ms: number): void {
    if (ms === Infinity) return;
    const limit = sleep(ms) as Future;
    this.#sleep = limit;
    this.#listener = new Listener(limit, () => {
      if (this.#body.isDone) return;
      this.#isExpired = true;
      this.#body.cancel(externalCancellation(`its ${ms} ms are over`));
    });
  }

  #stop(): void {
    this.#listener?.stop();
    this.#sleep?.cancel();
  }

  #ended(): void {
    this.#stop();
    const body = this.#body;
    const state = body.flags & STATE;
    const settler = settlerOf(body);
    if (state !== DONE) body.markHandled();
    if (state !== CANCELLED) this.settle(state, body.value, settler);
    else if (this.cancellation !== null) this.settle(CANCELLED, this.cancellation, settler);
    else if (!this.#isExpired) this.settle(CANCELLED, body.value, settler);
    else this.settle(FAILED, new TimeoutError(`${body.describe()} took longer than ${this.#ms} ms`), settler);
  }

  /** @internal */
  override describe(): string {
    return `timeout() of ${this.#body.describe()}`;
  }
}
