/** Time as tasks see it: `sleep` and `now`, on the clock of their run. */
import { REASON } from '../../trace/format/kinds.ts';
import { abortable, isAbortSignal, type SignalOptions } from '../core/abort.ts';
import { describeValue } from '../core/describe-value.ts';
import { DONE } from '../core/future-state.ts';
import { Future } from '../core/future.ts';
import { scheduler } from '../core/runner.ts';
import { takeSite, traced } from '../core/trace.ts';
import { currentClock } from './clocks.ts';
import { timerOf } from './sleep-heap.ts';

/**
 * Waits so many ms; 0 lets the other ready tasks go first, Infinity waits until it is cancelled. On
 * the virtual clock it takes no time. After asyncio.sleep, in ms.
 *
 * The second argument is what it gives at the end. An object that has a `signal` and nothing else
 * is taken for options: `sleep(100, { signal })`.
 * @throws RangeError at once for what is no number of ms from 0 up.
 * @example
 * await run(function* () { yield* sleep(10); return 'rested'; }); // → 'rested'
 * await run(async () => { await sleep(10); return 'rested'; }); // → 'rested'
 */
export function sleep(ms: number, result?: undefined, options?: SignalOptions): Future<void>;
/** The same, with options alone. */
export function sleep(ms: number, options: OnlySignal): Future<void>;
/** The same, and then gives the value (as asyncio.sleep's `result`). */
export function sleep<T>(ms: number, result: T, options?: SignalOptions): Future<T>;
export function sleep<T>(ms: number, result?: T, options?: SignalOptions): Future<T | undefined> {
  if (typeof result === 'object' && isOptions(result))
    return sleep(ms, undefined, result) as Future<undefined>;
  if (options !== undefined) return abortable('sleep()', options, () => sleep(ms, result as T)) as Future<T>;
  if (typeof ms !== 'number' || !(ms >= 0))
    throw new RangeError(`sleep() needs a number of ms from 0 up, not ${describeValue(ms)}`);
  // The call makes no task and no resource: its site must not be taken for that of the next call.
  if (traced) takeSite();
  if (ms === 0) {
    const turn = new Turn(result);
    scheduler.ready(turn);
    return turn;
  }
  return currentClock().sleep(ms, result);
}

/** Options in the place of the result. */
interface OnlySignal {
  readonly signal: AbortSignal;
}

/** It has an AbortSignal as `signal`, and nothing else. */
function isOptions(result: object | null): result is OnlySignal {
  if (result === null || !('signal' in result)) return false;
  return isAbortSignal(result.signal) && Object.keys(result).length === 1;
}

/**
 * The time on the library's clock, in ms: from the start of the run on the virtual clock, else from
 * the start of the program. After asyncio's loop.time.
 * @example
 * const rest = function* () { yield* sleep(5_000); return now(); };
 * await run(rest, { clock: 'virtual' }); // → 5_000
 */
export function now(): number {
  return currentClock().nowMs;
}

/**
 * A sleep of 0 ms: it is done when all steps that are ready now have run. It shares no base class
 * with `Sleep`: one more level of constructors made each `await sleep(0)` 4 % slower.
 */
class Turn<T> extends Future<T> {
  readonly #result: T;

  constructor(result: T) {
    super();
    this.#result = result;
  }

  step(): void {
    this.settle(DONE, this.#result, -1);
  }
  override waitReason(): number {
    return REASON.timer;
  }
  override waitTarget(): number {
    return traced ? timerOf(0) : 0;
  }
  override describe(): string {
    return 'the sleep';
  }
}
