/** Fewer calls than are asked for: the last of a burst, or one in so many ms. */
import { checkFunction, type Ended, taskOf } from '../core/awaitable.ts';
import { Future } from '../core/future.ts';
import { checkMs } from '../core/options.ts';
import { now, sleep } from '../time/clock.ts';

/** A function that calls another one less often; all who ask for one call get its result. */
type Fewer<Args extends readonly unknown[], Made> = (...args: Args) => Future<Ended<() => Made>>;

/**
 * A function that calls `fn` once nobody has asked for `ms`, with the arguments of the last who
 * asked. All who asked meanwhile get what that call gives. After lodash's debounce, and p-debounce.
 * @throws RangeError at once for what is no number of ms from 0 up; TypeError for no function.
 * @example
 * const search = debounce(async (text) => `found ${text}`, 5);
 * await gather([search('s'), search('si'), search('simul')]);
 * // → ['found simul', 'found simul', 'found simul']
 */
export function debounce<Args extends readonly unknown[], Made>(
  fn: (...args: Args) => Made,
  ms: number,
): Fewer<Args, Made> {
  checkFunction('debounce', fn);
  checkMs('the ms of debounce()', ms);
  let call: Call<Args, Made> | null = null;
  let pause: Future | null = null;
  return (...args) => {
    call ??= new Call(fn);
    call.args = args;
    pause?.cancel();
    const asked = call;
    pause = sleep(ms).onDone((ended) => {
      if (ended.isCancelled) return;
      call = null;
      asked.begin();
    });
    return asked.result;
  };
}

/**
 * A function that calls `fn` at once, and then no more than once in `ms`: who asks sooner gets the
 * call that follows, with the arguments of the last who asked. After lodash's throttle.
 * @throws RangeError at once for what is no number of ms from 0 up; TypeError for no function.
 * @example
 * const saved = [];
 * const save = throttle((text) => { saved.push(text); }, 5);
 * await gather([save('a'), save('ab'), save('abc')]);
 * saved; // → ['a', 'abc']
 */
export function throttle<Args extends readonly unknown[], Made>(
  fn: (...args: Args) => Made,
  ms: number,
): Fewer<Args, Made> {
  checkFunction('throttle', fn);
  checkMs('the ms of throttle()', ms);
  let lastMs = -Infinity;
  let next: Call<Args, Made> | null = null;
  const begin = (call: Call<Args, Made>): void => {
    lastMs = now();
    call.begin();
  };
  return (...args) => {
    const call = next ?? new Call(fn);
    call.args = args;
    if (next !== null) return call.result;
    const waitMs = lastMs + ms - now();
    if (waitMs > 0) {
      next = call;
      sleep(waitMs).onDone(() => {
        next = null;
        begin(call);
      });
    } else begin(call);
    return call.result;
  };
}

/** One call, for all who asked for it. */
class Call<Args extends readonly unknown[], Made> {
  readonly #fn: (...args: Args) => Made;
  readonly result = new Future<Ended<() => Made>>();
  args: Args | null = null;

  constructor(fn: (...args: Args) => Made) {
    this.#fn = fn;
  }

  begin(): void {
    if (this.result.isDone) return;
    const task = taskOf<Args, Ended<() => Made>>(this.#fn, this.args!);
    this.result.settleFrom(task);
  }
}
