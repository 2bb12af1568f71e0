/**
 * Async comprehensions: `[f(x) async for x in xs if p(x)]` of Python (PEP 530) is here
 * `collect(map(filter(xs, p), f))`.
 */
import { checkFunction, type Ended, type NotFuture, describeTyped, taskOf } from '../core/awaitable.ts';
import { checkOptions } from '../core/options.ts';
import { checkIterated, type Iterated } from './iterated.ts';
import { type LazyCall, noteIterated, noteLazyCall } from './never-iterated.ts';
import { mapSideBySide } from './side-by-side.ts';
import { isGeneratorFunction } from '../core/generators.ts';
import { Task } from '../core/task.ts';

/** How `map` goes on. */
export interface ConcurrentOptions {
  /** How many calls go on at the same time, at most; without it 1. */
  readonly concurrency?: number;
}

/**
 * The results of `fn` (ordinary, async or a coroutine) for each value, one after another, each when
 * it is asked for: nothing is called before somebody iterates, and `collect(map(…))` gives them as
 * a list. Leaving the loop, or an error of `fn`, ends the source. After
 * `(f(x) async for x in xs)` of PEP 530.
 *
 * With `concurrency` so many calls go on side by side, each as a task; the results come in the
 * order of the values all the same. As many again may wait for an earlier one; the source is read
 * no further ahead. The first call that fails,
 * in that order, ends the loop; the others are cancelled and have cleaned up by then.
 * @throws TypeError at once for a source that cannot be iterated or a `fn` that is no function;
 *   RangeError for a concurrency that is no whole number from 1 up.
 * @example
 * const price = async (dish) => { await sleep(1); return dish.length; };
 * await collect(map(['soup', 'tea'], price)); // → [4, 3]
 * await collect(map(['soup', 'tea'], price, { concurrency: 2 })); // → [4, 3]
 */
export function map<T, Made>(
  source: Iterated<T> & NotFuture,
  fn: (value: T, index: number) => Made,
  options: ConcurrentOptions = {},
): AsyncGenerator<Ended<() => Made>, void, undefined> {
  checkIterated('map', source);
  checkFunction('map', fn);
  checkOptions('map()', options, ['concurrency']);
  const { concurrency = 1 } = options;
  if (!(concurrency === Infinity || (Number.isSafeInteger(concurrency) && concurrency > 0)))
    throw new RangeError(
      `the concurrency of map() must be a whole number from 1 up, not ${describeTyped(concurrency)}`,
    );
  const lazyCall = noteLazyCall('map', map);
  return concurrency === 1 ? mapped(source, fn, lazyCall) : mapSideBySide(source, fn, concurrency, lazyCall);
}

async function* mapped<T, Made>(
  source: Iterated<T>,
  fn: (value: T, index: number) => Made,
  lazyCall: LazyCall,
): AsyncGenerator<Ended<() => Made>, void, undefined> {
  noteIterated(lazyCall);
  let index = 0;
  for await (const value of source) yield (await call(fn, value, index++)) as Ended<() => Made>;
}

/**
 * The values for which `predicate` (ordinary, async or a coroutine) gives something true, in their
 * order. Leaving the loop, or an error of `predicate`, ends the source. After
 * `(x async for x in xs if p(x))` of PEP 530.
 * @throws TypeError at once for a source that cannot be iterated or a predicate that is no
 *   function.
 * @example
 * const isOpen = async (shop) => { await sleep(1); return shop !== 'bank'; };
 * await collect(filter(['baker', 'bank', 'grocer'], isOpen)); // → ['baker', 'grocer']
 */
export function filter<T>(
  source: Iterated<T> & NotFuture,
  predicate: (value: T, index: number) => unknown,
): AsyncGenerator<T, void, undefined> {
  checkIterated('filter', source);
  checkFunction('filter', predicate);
  return filtered(source, predicate, noteLazyCall('filter', filter));
}

async function* filtered<T>(
  source: Iterated<T>,
  predicate: (value: T, index: number) => unknown,
  lazyCall: LazyCall,
): AsyncGenerator<T, void, undefined> {
  noteIterated(lazyCall);
  let index = 0;
  for await (const value of source) if (await call(predicate, value, index++)) yield value;
}

/**
 * All values, as a list. Cancelling it cancels what the source waits for, or ends the source at its
 * next value. After `[x async for x in xs]` of PEP 530.
 * @returns a task, for `yield*` and `await`.
 * @throws TypeError at once for a source that cannot be iterated.
 * @example
 * async function* countdown() { for (const n of [3, 2, 1]) { await sleep(1); yield n; } }
 * await collect(countdown()); // → [3, 2, 1]
 */
export function collect<T>(source: Iterated<T> & NotFuture): Task<T[]> {
  checkIterated('collect', source);
  const task: Task<T[]> = new Task(
    async () => {
      const all: T[] = [];
      for await (const value of source) {
        all.push(value);
        // A source that waits for no future of the library can be cancelled only here.
        const cancellation = task.takeCancellation();
        if (cancellation !== null) throw cancellation;
      }
      return all;
    },
    { name: 'collect' },
  );
  return task;
}

function call<T>(fn: (value: T, index: number) => unknown, value: T, index: number): unknown {
  return isGeneratorFunction(fn) ? taskOf(fn, [value, index]) : fn(value, index);
}
