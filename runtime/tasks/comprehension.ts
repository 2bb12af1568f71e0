/** Async comprehensions: what `[f(x) async for x in xs if p(x)]` is in Python (PEP 530), as `collect(map(filter(xs, p), f))`. */
import { checkFunction, type Ended, taskOf } from './awaitable.ts';
import { isThenable } from './future.ts';
import { sameTask } from './same-task.ts';
import { isGeneratorFunction, Task } from './task.ts';

/** What can be iterated, in steps that wait or not; promises and futures among the values of the latter are waited for. */
export type Iterated<T> = AsyncIterable<T> | Iterable<T | PromiseLike<T>>;

/**
 * Each value through `fn` (ordinary, async or a coroutine), one after another, when it is asked for. Leaving the loop, or an error of `fn`, ends the source.
 * @throws TypeError at once for a source that cannot be iterated or a `fn` that is no function.
 */
export function map<T, Made>(
  source: Iterated<T>,
  fn: (value: T, index: number) => Made,
): AsyncIterableIterator<Ended<() => Made>, undefined> {
  checkFunction('map', fn);
  return new Steps('map', source, async (value, index, call) => ({
    value: (await call(fn, value, index)) as Ended<() => Made>,
  }));
}

/**
 * The values for which `predicate` (ordinary, async or a coroutine) gives something true, in their order. Leaving the loop, or an error of
 * `predicate`, ends the source.
 * @throws TypeError at once for a source that cannot be iterated or a predicate that is no function.
 */
export function filter<T>(
  source: Iterated<T>,
  predicate: (value: T, index: number) => unknown,
): AsyncIterableIterator<T, undefined> {
  checkFunction('filter', predicate);
  return new Steps('filter', source, async (value, index, call) =>
    (await call(predicate, value, index)) ? { value } : null,
  );
}

/**
 * All values, as a list. Cancelling it cancels what the source waits for, or ends the source at its next value.
 * @returns a task, for `yield*` and `await`.
 * @throws TypeError at once for a source that cannot be iterated.
 */
export function collect<T>(source: Iterated<T>): Task<T[]> {
  const iterator = iteratorOf('collect', source);
  const task: Task<T[]> = new Task(
    async () => {
      const as = sameTask();
      const all: T[] = [];
      for (;;) {
        const step = await as(() => Promise.resolve(iterator.next()));
        if (step.done === true) return all;
        all.push(step.value);
        const cancellation = task.takeCancellation();
        if (cancellation === null) continue;
        await as(() => Promise.resolve(iterator.return?.()));
        throw cancellation;
      }
    },
    { name: 'collect' },
  );
  return task;
}

/** Steps of an iteration; a future is as good as a promise. */
export interface Stepper<T> {
  next(): PromiseLike<IteratorResult<T, unknown>>;
  return?(): PromiseLike<unknown>;
}

/** @throws TypeError for what cannot be iterated. */
export function iteratorOf<T>(who: string, source: Iterated<T>): Stepper<T> {
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]() as Stepper<T>;
    if (Symbol.iterator in source) return stepping(source[Symbol.iterator]());
  }
  throw new TypeError(`${who}() needs something to iterate, not ${source === null ? 'null' : typeof source}`);
}

function stepping<T>(iterator: Iterator<T | PromiseLike<T>>): Stepper<T> {
  return {
    next: async () => {
      const step = iterator.next();
      if (step.done === true) return step;
      return {
        done: false,
        value: isThenable(step.value) ? await step.value : step.value,
      } as IteratorYieldResult<T>;
    },
    return: async () => iterator.return?.(),
  };
}

/** Calls a function of the user's as the task that iterates. */
type Call = <T>(fn: (value: T, index: number) => unknown, value: T, index: number) => Promise<unknown>;

/** What becomes of a value; null: it is left out. */
type Each<T, R> = (value: T, index: number, call: Call) => Promise<{ readonly value: R } | null>;

class Steps<T, R> implements AsyncIterableIterator<R, undefined> {
  readonly #from: Stepper<T>;
  readonly #each: Each<T, R>;
  #index = 0;

  constructor(who: string, source: Iterated<T>, each: Each<T, R>) {
    this.#from = iteratorOf(who, source);
    this.#each = each;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<R, undefined>> {
    const as = sameTask();
    const call: Call = (fn, value, index) => as(() => Promise.resolve(made(fn, value, index)));
    for (;;) {
      const step = await as(() => Promise.resolve(this.#from.next()));
      if (step.done === true) return { done: true, value: undefined };
      try {
        const given = await this.#each(step.value, this.#index++, call);
        if (given !== null) return { done: false, value: given.value };
      } catch (error) {
        await this.return();
        throw error;
      }
    }
  }

  async return(): Promise<IteratorResult<R, undefined>> {
    await this.#from.return?.();
    return { done: true, value: undefined };
  }
}

function made<T>(fn: (value: T, index: number) => unknown, value: T, index: number): unknown {
  return isGeneratorFunction(fn) ? taskOf(fn, [value, index]) : fn(value, index);
}
