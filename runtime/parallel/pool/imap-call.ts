/**
 * One `imap`. It takes items from their source only so far ahead of its results, so that the
 * source may be endless. An async source is read by a task of its own, whose waits are those of the
 * source: who leaves the loop cancels it.
 *
 *   source ─▶ a chunk ─▶ the pool ─▶ arrived ─▶ delivered: only then is there room for the next
 *
 * After Python's IMapIterator: an error is thrown where its result would
 * have come, and the iteration can go on behind it.
 */
import { CancellableIterator } from '../../tasks/combinators/cancellable-iterator.ts';
import { externalCancellation, toCancelledError } from '../../tasks/core/cancellation.ts';
import type { CancelledError } from '../../tasks/core/errors.ts';
import { CANCELLED, DONE, FAILED, STATE } from '../../tasks/core/future-state.ts';
import { Future } from '../../tasks/core/future.ts';
import { Task } from '../../tasks/core/task.ts';
import { REASON } from '../../trace/format/kinds.ts';
import { ResourceFuture } from '../core/resource-future.ts';
import { MODE } from '../transport/messages.ts';
import { Call, type CallLimits } from './call.ts';
import { sliceChunk, checkItems, notIterableError } from './chunks.ts';
import type { PooledFunction } from './pooled-function.ts';
import { RunningAverage } from './running-average.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What `imap` takes its items from. */
export type ImapItems<T> = Iterable<T> | AsyncIterable<T>;

/** @throws TypeError for what has no items. */
export function checkImapItems(items: unknown, api: string): asserts items is ImapItems<unknown> {
  const given = items as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined;
  const isIterable =
    typeof given?.[Symbol.asyncIterator] === 'function' || typeof given?.[Symbol.iterator] === 'function';
  if (!isIterable || given instanceof Future) throw notIterableError(items, api);
}

export interface ImapPlan {
  readonly workers: WorkerPool;
  /** The pool's id in the trace, or 0. */
  readonly pool: number;
  readonly api: string;
  readonly fn: PooledFunction;
  readonly items: ImapItems<unknown>;
  readonly chunkSize: number;
  /** How many chunks may be taken from the source and not delivered. */
  readonly ahead: number;
  readonly sharesMemory: boolean;
  readonly limits: CallLimits;
  readonly inOrder: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The results of a chunk, or its error, and how many of them were delivered. */
interface ChunkResults {
  readonly state: number;
  readonly values: ArrayLike<unknown>;
  readonly settler: number;
  delivered: number;
}

/**
 * The results of `imap`: `for await (const result of pool.imap(…))`; in a coroutine
 * `yield* results.next()`.
 */
export class ImapCall<R> implements AsyncIterable<R> {
  readonly #plan: ImapPlan;
  readonly #average = new RunningAverage();
  readonly #calls = new Set<Call>();
  /** Results that nobody has taken, by the number of their chunk: in order, or as they arrive. */
  readonly #arrived = new Map<number, ChunkResults>();
  readonly #waiting: Future<IteratorResult<R, undefined>>[] = [];
  #takenChunks = 0;
  #deliveredChunks = 0;
  #arrivals = 0;
  #takenItems = 0;
  #isExhausted = false;
  #isTaking = false;
  #waitsForRoom = false;
  /** null: the source is async. */
  readonly #items: Iterator<unknown> | null;
  /** Reads an async source. */
  #reader: Task<void> | null = null;
  /** What the reader waits for while it is as far ahead as it may be. */
  #room: Future<void> | null = null;
  /** The signal was aborted, and no caller of `next` knows it yet. */
  #aborted: CancelledError | null = null;
  /** Ends all that refers to it from outside. */
  #detach: () => void;

  /** @internal Use `pool.imap()`. */
  constructor(plan: ImapPlan) {
    this.#plan = plan;
    const { items, signal, workers } = plan;
    const abort = (): void => this.#abort(externalCancellation(signal!.reason));
    const close = (): void => this.#closeSource();
    this.#detach = () => {
      signal?.removeEventListener('abort', abort);
      workers.onOver.delete(close);
      this.#detach = () => {};
    };
    this.#items = Symbol.asyncIterator in items ? null : items[Symbol.iterator]();
    if (signal?.aborted === true) {
      abort();
      return;
    }
    signal?.addEventListener('abort', abort, { once: true });
    if (Symbol.asyncIterator in items) {
      workers.onOver.add(close);
      this.#reader = this.#startReader(items);
    } else this.#takeChunks();
  }

  /** The next result. @throws (fails with) the error of the call that it would have been of. */
  next(): Future<IteratorResult<R, undefined>> {
    const next = new ResourceFuture<IteratorResult<R, undefined>>(
      REASON.pool,
      this.#plan.pool,
      'the result of a pool',
    );
    this.#waiting.push(next);
    this.#deliver();
    return next;
  }

  /**
   * Takes no more items, and ends their source; calls that are under way end unheard.
   * @returns done when an async source has ended, clean-up included.
   */
  return(): Future<IteratorResult<R, undefined>> {
    for (const call of this.#calls) call.isAbandoned = true;
    this.#end();
    const over: IteratorResult<R, undefined> = { done: true, value: undefined };
    if (this.#reader === null) return Future.done(over);
    const ended = new Future<IteratorResult<R, undefined>>();
    this.#reader.onDone(() => ended.settle(DONE, over));
    return ended;
  }

  #abort(error: CancelledError): void {
    for (const call of this.#calls) this.#plan.workers.stop(call);
    this.#aborted = error;
    this.#end();
  }

  /** No further result is delivered. */
  #end(): void {
    this.#closeSource();
    this.#calls.clear();
    this.#arrived.clear();
    this.#deliveredChunks = this.#takenChunks;
    this.#deliver();
    this.#detach();
  }

  /** `for await (const result of pool.imap(…))`; leaving the loop is `return`. */
  [Symbol.asyncIterator](): AsyncIterator<R, undefined> {
    // A future is thenable, which is all that `for await` needs.
    return this as unknown as AsyncIterator<R, undefined>;
  }

  /** @internal */
  done(call: Call, results: unknown): void {
    const values = results as ArrayLike<unknown>;
    this.#arrive(call, { state: DONE, values, settler: call.settler, delivered: 0 });
  }

  /** @internal */
  failed(call: Call, error: unknown): void {
    this.#arrive(call, { state: FAILED, values: [error], settler: call.settler, delivered: 0 });
  }

  #arrive(call: Call, results: ChunkResults): void {
    this.#calls.delete(call);
    this.#arrived.set(this.#plan.inOrder ? call.index : this.#arrivals++, results);
    this.#deliver();
  }

  /** Settles waiting futures with the results that have arrived, in order. */
  #deliver(): void {
    while (this.#waiting.length > 0) {
      const results = this.#arrived.get(this.#deliveredChunks);
      if (results === undefined) {
        if (!this.#isExhausted || this.#deliveredChunks < this.#takenChunks) return;
        this.#detach();
        if (this.#aborted !== null) this.#waiting.shift()!.settle(CANCELLED, this.#aborted);
        this.#aborted = null;
        for (const next of this.#waiting.splice(0)) next.settle(DONE, { done: true, value: undefined });
        return;
      }
      const next = this.#waiting.shift()!;
      // A cancelled wait takes no result.
      if (next.flags & STATE) continue;
      const value = results.values[results.delivered++];
      if (results.delivered === results.values.length) {
        this.#arrived.delete(this.#deliveredChunks++);
        this.#goOn();
      }
      next.settle(results.state, results.state === DONE ? { done: false, value } : value, results.settler);
    }
  }

  /** There may be room for further chunks. */
  #goOn(): void {
    if (this.#items !== null) this.#takeChunks();
    else if (this.#room !== null && this.#hasRoom()) {
      this.#room.settle(DONE, undefined);
      this.#room = null;
    }
  }

  /** Whether one more chunk may be taken; when the pool has no room for it, it is waited for. */
  #hasRoom(): boolean {
    const { workers, ahead } = this.#plan;
    if (this.#takenChunks - this.#deliveredChunks >= ahead) return false;
    if (workers.hasRoom) return true;
    if (!this.#waitsForRoom)
      workers.whenRoom(() => {
        this.#waitsForRoom = false;
        this.#goOn();
      });
    this.#waitsForRoom = true;
    return false;
  }

  /** Its waits are those of the source, in the run and the context of the caller. */
  #startReader(items: AsyncIterable<unknown>): Task<void> {
    const { api, chunkSize } = this.#plan;
    const source = new CancellableIterator<unknown>(items);
    const read = async (): Promise<void> => {
      try {
        while (!this.#isExhausted) {
          if (!this.#hasRoom()) {
            await (this.#room = new Future());
            continue;
          }
          const chunk: unknown[] = [];
          while (chunk.length < chunkSize && !this.#isExhausted) {
            const step: IteratorResult<unknown, undefined> = await source.next();
            if (step.done === true) this.#isExhausted = true;
            else chunk.push(step.value);
          }
          this.#submit(chunk, null);
        }
      } catch (error) {
        const isOver = this.#isExhausted;
        this.#isExhausted = true;
        if (!isOver) this.#submit([], { error });
      } finally {
        await source.end().catch(() => {});
      }
      this.#deliver();
    };
    const reader = new Task(read, { name: `items of ${api}` });
    // It fails with nothing, and who leaves it behind does so on purpose.
    reader.markHandled();
    return reader;
  }

  /** Takes chunks from the source and submits them, up to `ahead`. */
  #takeChunks(): void {
    if (this.#isTaking) return;
    const { workers, ahead } = this.#plan;
    // Many at once: each time costs a message.
    if (this.#takenChunks - this.#deliveredChunks > ahead / 2) return;
    this.#isTaking = true;
    while (!this.#isExhausted && this.#hasRoom()) {
      if (workers.state === 'terminated' || workers.state === 'broken') this.#isExhausted = true;
      this.#takeChunk();
    }
    this.#isTaking = false;
  }

  #takeChunk(): void {
    const { chunkSize } = this.#plan;
    const chunk: unknown[] = [];
    let failure: { readonly error: unknown } | null = null;
    try {
      while (chunk.length < chunkSize) {
        const { done, value } = this.#items!.next();
        if (done === true) {
          this.#isExhausted = true;
          break;
        }
        chunk.push(value);
      }
    } catch (error) {
      this.#isExhausted = true;
      failure = { error };
    }
    this.#submit(chunk, failure);
  }

  /**
   * @param thrown by the source. Its error, or that of an item which cannot be sent, comes in the
   *   item's place among the results, and ends them.
   */
  #submit(chunk: readonly unknown[], thrown: { readonly error: unknown } | null): void {
    const { workers, api, fn, sharesMemory, limits } = this.#plan;
    const first = this.#takenItems;
    let failure = thrown;
    try {
      if (failure === null) checkItems(chunk, api, sharesMemory, first);
    } catch (error) {
      this.#isExhausted = true;
      failure = { error };
    }
    if (chunk.length === 0 && failure === null) return;
    this.#takenItems += chunk.length;
    const sent = failure === null ? sliceChunk(chunk, 0, chunk.length, sharesMemory) : [];
    const call = new Call(this, fn, MODE.map, sent, limits);
    call.asChunk(this.#takenChunks++, first, this.#average);
    if (failure !== null) this.failed(call, failure.error);
    else {
      this.#calls.add(call);
      workers.submit(call);
    }
  }

  #closeSource(): void {
    if (this.#isExhausted) return;
    this.#isExhausted = true;
    if (this.#reader !== null) {
      this.#reader.cancel(toCancelledError('the results are not wanted'));
      return;
    }
    try {
      this.#items?.return?.();
    } catch {
      // The caller gave up the results; it does not want an error of their source either.
    }
  }
}
