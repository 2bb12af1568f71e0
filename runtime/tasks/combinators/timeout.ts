/**
 * A limit of time for something that can be cancelled. After asyncio.timeout and asyncio.wait_for,
 * which here are one.
 */
import { abandonAfter } from '../core/abandon.ts';
import { cancelWhenAborted, checkSignal, type SignalOptions } from '../core/abort.ts';
import { type Awaitable, type Ended, futureOf } from '../core/awaitable.ts';
import { sleep } from '../time/clock.ts';
import {
  externalCancellation,
  settlerOf,
  toCancelledError,
  unheardCancellation,
} from '../core/cancellation.ts';
import { describeValue } from '../core/describe-value.ts';
import { InvalidStateError, TimeoutError } from '../core/errors.ts';
import { CANCELLED, DONE, FAILED, STATE } from '../core/future-state.ts';
import type { Future } from '../core/future.ts';
import { type KeptLine, keepLine } from '../core/kept-line.ts';
import { Listener } from '../core/listener.ts';
import { checkMs, checkOptions } from '../core/options.ts';
import type { Blocker } from '../core/stuck.ts';
import { CompositeFuture } from './composite-future.ts';

/** What happens at the limit. */
export interface TimeoutOptions extends SignalOptions {
  /** `accept`: a result that comes after the limit counts. Without it: `fail`. */
  readonly late?: 'accept' | 'fail';
  /**
   * How many ms a task has for its clean-up after the limit, in real time; then it is abandoned: a
   * warning names it and its line, its code may go on unseen, and the timeout fails. Without it:
   * as long as it takes.
   */
  readonly grace?: number;
}

/**
 * Gives what `body` gives, within so many ms. After that `body` is cancelled, and when its clean-up
 * has run the timeout fails with TimeoutError, also when the body gave a result after all (in
 * asyncio that counts; here with `late: 'accept'`). When the body fails otherwise, so does the
 * timeout. A bare promise goes on unseen. For a whole run: its option `deadline`.
 *
 * An async function that stands at an `await` of something else than the library cannot be
 * interrupted there: the timeout waits for it, or for its `grace`. `until(promise)` can be.
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
export function timeout<const A extends Awaitable>(
  ms: number,
  body: A,
  options: TimeoutOptions = {},
): Timeout<Ended<A>> {
  return limited('timeout', ms, body, options);
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
export function waitFor<const A extends Awaitable>(
  thing: A,
  ms: number,
  options: TimeoutOptions = {},
): Timeout<Ended<A>> {
  return limited('waitFor', ms, thing, options);
}

function limited<const A extends Awaitable>(
  caller: string,
  ms: number,
  body: A,
  options: TimeoutOptions,
): Timeout<Ended<A>> {
  checkMs(`the limit of ${caller}()`, ms);
  checkOptions(`${caller}()`, options, ['late', 'grace', 'signal']);
  const { late, grace, signal } = options;
  if (late !== undefined && late !== 'accept' && late !== 'fail')
    throw new TypeError(`the late of ${caller}() must be "accept" or "fail", not ${describeValue(late)}`);
  if (grace !== undefined) checkMs(`the grace of ${caller}()`, grace);
  checkSignal(`${caller}()`, signal);
  const limit = new Timeout<Ended<A>>(futureOf(caller, body), ms, options);
  if (signal !== undefined) cancelWhenAborted(limit, signal);
  return limit;
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
  readonly #options: TimeoutOptions;
  /** Where it was asked for; null: not kept. */
  readonly #line: KeptLine | null = keepLine(Timeout);

  /** @internal Use `timeout()`. */
  constructor(body: Future<T>, ms: number, options: TimeoutOptions) {
    super(body, [body as Future]);
    this.#body = body;
    this.#ms = ms;
    this.#options = options;
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

  /** Its clock ends it. */
  override blockers(): readonly Blocker[] {
    return this.#ms === Infinity ? super.blockers() : [];
  }

  #start(ms: number): void {
    if (ms === Infinity) return;
    const limit = sleep(ms) as Future;
    this.#sleep = limit;
    this.#listener = new Listener(limit, () => {
      if (this.#body.isDone) return;
      this.#isExpired = true;
      this.#body.cancel(externalCancellation(`its ${ms} ms are over`));
      const { grace } = this.#options;
      if (grace !== undefined) abandonAfter(this.#body as Future, grace);
    });
  }

  #stop(): void {
    this.#listener?.stop();
    this.#sleep?.cancel(unheardCancellation());
  }

  #ended(): void {
    this.#stop();
    const body = this.#body;
    const state = body.flags & STATE;
    const settler = settlerOf(body);
    if (state !== DONE) body.markHandled();
    const isLate = this.#isExpired && state === DONE && this.#options.late !== 'accept';
    if (state !== CANCELLED && !isLate) this.settle(state, body.value, settler);
    else if (this.cancellation !== null) {
      // Its result was there when the limit passed, and nobody gets it.
      body.giveBack(this.cancellation);
      this.settle(CANCELLED, this.cancellation, settler);
    } else if (!this.#isExpired) this.settle(CANCELLED, body.value, settler);
    else {
      const error = new TimeoutError(`${body.describe()} took longer than ${this.#ms} ms`);
      // Where the limit was set says more than where the clock found it passed.
      const callers = this.#line?.stack?.split('\n').slice(1).join('\n');
      if (callers) error.stack = `${error.name}: ${error.message}\n${callers}`;
      body.giveBack(toCancelledError(error));
      this.settle(FAILED, error, settler);
    }
  }

  /** @internal */
  override describe(): string {
    return `timeout() of ${this.#body.describe()}`;
  }
}
