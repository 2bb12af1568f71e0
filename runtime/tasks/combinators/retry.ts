/** Calls a function again until it succeeds. A cancellation is never retried. */
import type { SignalOptions } from '../core/abort.ts';
import { checkMs, checkOptions } from '../core/options.ts';
import { describeValue } from '../core/describe-value.ts';
import { checkFunction, type Ended, taskOf } from '../core/awaitable.ts';
import { sleep } from '../time/clock.ts';
import { CancelledError } from '../core/errors.ts';
import { scheduler } from '../core/runner.ts';
import { spawn } from '../core/spawn.ts';
import type { Coroutine, Task } from '../core/task.ts';

/** How often, how fast and for what `retry` tries again. */
export interface RetryOptions<T> extends SignalOptions {
  /** How often at most, the first time included; without it 3. Infinity: until it succeeds. */
  readonly times?: number;
  /** ms between the end of one try and the next; without it 0, which lets others go first. */
  readonly delay?: number;
  /** What the delay is multiplied by after each wait; without it 1. 2 doubles it each time. */
  readonly factor?: number;
  /**
   * How much of each delay is drawn: 0 none (without it), 1 all, so that those who failed together
   * do not come back together. A run with a seed draws the same each time.
   */
  readonly jitter?: number;
  /** The longest delay in ms, however often it was multiplied. */
  readonly maxDelay?: number;
  /** Whether a result is good enough. Without it every result is. */
  readonly until?: (result: T, attempt: number) => boolean;
  /** Whether another try follows this error. Without it one follows every error. */
  readonly retryOn?: (error: unknown, attempt: number) => boolean;
}

/**
 * No try gave a result that was good enough for `until`.
 * @example
 * const throwDice = (attempt) => attempt;
 * const gaveUp = retry(throwDice, { times: 3, until: (eyes) => eyes === 6 });
 * await assert.rejects(gaveUp, (error) => error instanceof OutOfTries && error.last === 3);
 */
export class OutOfTries extends Error {
  override readonly name = 'OutOfTries';
  /** What the last try gave. */
  readonly last: unknown;
  constructor(message: string, last: unknown) {
    super(message);
    this.last = last;
  }
}

/**
 * Calls `fn` until it succeeds, each time as a task of its own (`try 1`, `try 2`, …). `fn` is a
 * coroutine, an async or an ordinary function; it gets the number of the attempt, from 1 up.
 * Cancelling the retry cancels the try that runs.
 *
 * @returns a task of the first result that is good enough.
 * @throws TypeError or RangeError at once for arguments that make no sense; (fails) with the last
 *   try's own error, with what `until` or `retryOn` throw, or with OutOfTries.
 * @example
 * const call = async (attempt) => {
 *   if (attempt < 3) throw new Error('engaged');
 *   return `answered at try ${attempt}`;
 * };
 * await retry(call, { times: 5, delay: 1, factor: 2 }); // → 'answered at try 3'
 */
export function retry<Made>(
  fn: (attempt: number) => Made,
  options: RetryOptions<Ended<() => Made>> = {},
): Task<Ended<() => Made>> {
  checkFunction('retry', fn);
  const plan = planOf(options);
  return spawn(tries(fn, plan) as Coroutine<Ended<() => Made>>, {
    name: fn.name ? `retry ${fn.name}` : 'retry',
    signal: options.signal,
  });
}

const OPTIONS = ['times', 'delay', 'factor', 'maxDelay', 'jitter', 'until', 'retryOn', 'signal'];

type Plan<T> = Required<Omit<RetryOptions<T>, 'until' | 'retryOn' | 'signal'>> & RetryOptions<T>;

function* tries<T>(fn: (attempt: number) => unknown, plan: Plan<T>): Coroutine<T> {
  let { delay } = plan;
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt >= plan.times;
    const result = yield* tryOnce<T>(fn, attempt, isLast, plan);
    if (result !== null) {
      if (plan.until === undefined || plan.until(result.value, attempt)) return result.value;
      if (isLast) {
        const tried = plan.times === 1 ? '1 try' : `${plan.times} tries`;
        throw new OutOfTries(`retry() gave up after ${tried}: no result was good enough`, result.value);
      }
    }
    yield* sleep(delay * (1 - plan.jitter * scheduler.draw()));
    delay = Math.min(plan.maxDelay, delay * plan.factor);
  }
}

/** One try. Null: it failed, and another follows. */
function* tryOnce<T>(
  fn: (attempt: number) => unknown,
  attempt: number,
  isLast: boolean,
  { retryOn }: Plan<T>,
): Coroutine<{ value: T } | null> {
  try {
    return { value: yield* taskOf<[number], T>(fn, [attempt], { name: `try ${attempt}` }) };
  } catch (error) {
    if (error instanceof CancelledError || isLast) throw error;
    if (retryOn !== undefined && !retryOn(error, attempt)) throw error;
    return null;
  }
}

function planOf<T>(options: RetryOptions<T>): Plan<T> {
  checkOptions('retry()', options, OPTIONS);
  const { times = 3, delay = 0, factor = 1, maxDelay = Infinity, jitter = 0 } = options;
  if (times !== Infinity && !(Number.isSafeInteger(times) && times >= 1))
    throw new RangeError(
      `the times of retry() must be a whole number from 1 up, or Infinity, not ${describeValue(times)}`,
    );
  checkMs('the delay of retry()', delay);
  checkMs('the maxDelay of retry()', maxDelay);
  if (typeof factor !== 'number' || !(factor >= 0 && factor < Infinity))
    throw new RangeError(`the factor of retry() must be a number from 0 up, not ${describeValue(factor)}`);
  if (typeof jitter !== 'number' || !(jitter >= 0 && jitter <= 1))
    throw new RangeError(`the jitter of retry() must be a number from 0 to 1, not ${describeValue(jitter)}`);
  if (delay === Infinity && maxDelay === Infinity)
    throw new RangeError('the delay of retry() must end, or there is no second try');
  if (options.until !== undefined) checkFunction('the until of retry', options.until);
  if (options.retryOn !== undefined) checkFunction('the retryOn of retry', options.retryOn);
  return { ...options, times, delay: Math.min(delay, maxDelay), factor, maxDelay, jitter };
}
