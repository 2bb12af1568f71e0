/** Calls at a steady pace. */
import { type SignalOptions } from '../core/abort.ts';
import { checkFunction, taskOf } from '../core/awaitable.ts';
import { describeValue } from '../core/describe-value.ts';
import { checkOptions, checkSwitch, checkText } from '../core/options.ts';
import { spawn } from '../core/spawn.ts';
import type { Coroutine, Task } from '../core/task.ts';
import { now, sleep } from '../time/clock.ts';

/** How `every` goes on. */
export interface EveryOptions extends SignalOptions {
  /** The first call comes at once; without it after the first `ms`. */
  readonly immediately?: boolean;
  /** How the trace and messages call the task. */
  readonly name?: string;
}

/**
 * Calls `fn` (ordinary, async or a coroutine) each `ms`, counted from the start, until it is
 * cancelled or a call fails. A call that takes longer is not overlapped: the beats that it misses
 * are left out. After setInterval, and the fixed rate of Java's scheduled executors.
 *
 * @param fn gets the number of the beat: 1 after the first `ms`, 2 after the second, …
 * @returns the task. (fails) with the error of a call.
 * @throws RangeError at once for what is no number of ms above 0; TypeError for no function.
 * @example
 * const main = async () => {
 *   const beats = [];
 *   const heart = every(100, (beat) => { beats.push(`${beat} at ${now()}`); });
 *   await sleep(350);
 *   heart.cancel();
 *   return beats;
 * };
 * await run(main, { clock: 'virtual' }); // → ['1 at 100', '2 at 200', '3 at 300']
 */
export function every(ms: number, fn: (beat: number) => unknown, options: EveryOptions = {}): Task<never> {
  if (!(typeof ms === 'number' && ms > 0 && ms < Infinity))
    throw new RangeError(`every() needs a number of ms above 0, not ${describeValue(ms)}`);
  checkFunction('every', fn);
  checkOptions('every()', options, ['immediately', 'name', 'signal']);
  checkSwitch('the immediately of every()', options.immediately);
  checkText('the name of every()', options.name);
  const { name = fn.name === '' ? 'every' : `every ${fn.name}`, immediately = false, signal } = options;
  return spawn(beats(ms, fn, immediately), { name, signal });
}

function* beats(ms: number, fn: (beat: number) => unknown, immediately: boolean): Coroutine<never> {
  const startMs = now();
  for (let beat = immediately ? 0 : 1; ;) {
    yield* sleep(Math.max(0, startMs + beat * ms - now()));
    yield* taskOf<[number], unknown>(fn, [beat], { name: `beat ${beat}` });
    beat = Math.max(beat + 1, Math.ceil((now() - startMs) / ms));
  }
}
