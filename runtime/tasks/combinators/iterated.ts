/** What can be iterated, step by step or with `for await`. */
import { describeTyped } from '../core/awaitable.ts';
import { Future } from '../core/future.ts';

/**
 * An iterable, async or not. Promises and futures among the values of one that is not async are
 * waited for.
 */
export type Iterated<T> = AsyncIterable<T> | Iterable<T | PromiseLike<T>>;

/**
 * @throws TypeError for what cannot be iterated, and for a future, which is iterable only for
 *   `yield*` and has no values.
 */
export function checkIterated(caller: string, source: unknown): void {
  if (typeof source === 'object' && source !== null && !(source instanceof Future)) {
    if (Symbol.asyncIterator in source || Symbol.iterator in source) return;
  }
  const type = source instanceof Future || source === null ? describeTyped(source) : typeof source;
  throw new TypeError(`${caller}() needs something to iterate, not ${type}`);
}
