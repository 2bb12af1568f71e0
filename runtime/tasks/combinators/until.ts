/** A wait that can be cancelled for what knows no cancellation: promises, streams, iterators. */
import { abortable, type SignalOptions } from '../core/abort.ts';
import { describeTyped } from '../core/awaitable.ts';
import { Future } from '../core/future.ts';
import { promiseFutureOf } from '../core/promise-future.ts';
import { CancellableIterator } from './cancellable-iterator.ts';

/**
 * Waits for a promise so that the wait can be cancelled. An ordinary `await` of a promise cannot: a
 * task that stands there goes on only when the promise is settled, whatever cancels it, and so does
 * all that waits for the task. The promise itself goes on, and its result is dropped. In asyncio
 * every wait can be cancelled, and this has no name.
 *
 * Of an iterable it gives one whose waits for the next value can be cancelled: for `events.on`,
 * streams, and async generators. Cancelling ends the source at once, by its `return()`.
 *
 * @throws TypeError at once for what is neither a promise nor an async iterable, and for options
 *   that there are not; (fails) with CancelledError when it is cancelled, or its signal aborted.
 * @example
 * const never = new Promise(() => {});
 * await assert.rejects(timeout(5, async () => { await until(never); }), TimeoutError);
 * @example
 * import { EventEmitter, on } from 'node:events';
 * const bell = new EventEmitter();
 * const rings = spawn(async () => {
 *   for await (const [tone] of until(on(bell, 'ring'))) if (tone === 'last') break;
 * });
 * await sleep(1);
 * rings.cancel();
 * await assert.rejects(rings, CancelledError);
 */
export function until<T>(promise: PromiseLike<T>, options?: SignalOptions): Future<T>;
export function until<T>(
  source: AsyncIterable<T>,
  options?: SignalOptions,
): AsyncIterableIterator<T, undefined>;
export function until<T>(
  thing: PromiseLike<T> | AsyncIterable<T>,
  options: SignalOptions = {},
): Future<T> | AsyncIterableIterator<T, undefined> {
  if (typeof thing === 'object' && thing !== null && Symbol.asyncIterator in thing)
    return new CancellableIterator<T>(thing, options) as unknown as AsyncIterableIterator<T, undefined>;
  return abortable('until()', options, () => {
    const future = thing instanceof Future ? (thing as Future<T>) : promiseFutureOf(thing);
    if (future !== null) return future;
    throw new TypeError(
      `until() needs a promise or an async iterable to wait for, not ${describeTyped(thing)}`,
    );
  }) as Future<T>;
}
