/**
 * One `imap`. It takes items from their source only so far ahead of its results, so that the
 * source may be endless. After Python's IMapIterator: an error is thrown where its result would
 * have come, and the iteration can go on behind it.
 */
import { DONE, FAILED, STATE } from '../../tasks/core/future-state.ts';
import { Future } from '../../tasks/core/future.ts';
import { REASON } from '../../trace/format/kinds.ts';
import { ResourceFuture } from '../core/resource-future.ts';
import { MODE } from '../transport/messages.ts';
import { Call, type CallLimits } from './call.ts';
import { sliceChunk, checkItems } from './chunks.ts';
import type { PooledFunction } from './pooled-function.ts';
import { RunningAverage } from './running-average.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface ImapPlan {
  readonly workers: WorkerPool;
  /** The pool's id in the trace, or 0. */
  readonly pool: number;
  readonly api: string;
  readonly fn: PooledFunction;
  readonly items: Iterator<unknown>;
  readonly chunkSize: number;
  /** How many chunks may be taken from the source and not delivered. */
  readonly ahead: number;
  readonly sharesMemory: boolean;
  readonly limits: CallLimits;
  readonly inOrder: boolean;
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

  /** @internal Use `pool.imap()`. */
  constructor(plan: ImapPlan) {
    this.#plan = plan;
    this.#takeChunks();
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

  /** Takes no more items; calls that are under way end unheard. */
  return(): Future<IteratorResult<R, undefined>> {
    this.#closeSource();
    for (const call of this.#calls) call.isAbandoned = true;
    this.#calls.clear();
    this.#arrived.clear();
    this.#deliveredChunks = this.#takenChunks;
    this.#deliver();
    return Future.done({ done: true, value: undefined });
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
        for (const next of this.#waiting.splice(0)) next.settle(DONE, { done: true, value: undefined });
        return;
      }
      const next = this.#waiting.shift()!;
      // A cancelled wait takes no result.
      if (next.flags & STATE) continue;
      const value = results.values[results.delivered++];
      if (results.delivered === results.values.length) {
        this.#arrived.delete(this.#deliveredChunks++);
        this.#takeChunks();
      }
      next.settle(results.state, results.state === DONE ? { done: false, value } : value, results.settler);
    }
  }

  /** Takes chunks from the source and submits them, up to `ahead`. */
  #takeChunks(): void {
    if (this.#isTaking) return;
    const { workers, ahead } = this.#plan;
    // Many at once: each time costs a message.
    if (this.#takenChunks - this.#deliveredChunks > ahead / 2) return;
    this.#isTaking = true;
    while (!this.#isExhausted && this.#takenChunks - this.#deliveredChunks < ahead) {
      if (workers.state === 'terminated' || workers.state === 'broken') this.#isExhausted = true;
      this.#takeChunk();
    }
    this.#isTaking = false;
  }

  #takeChunk(): void {
    const { workers, api, fn, items, chunkSize, sharesMemory, limits } = this.#plan;
    const chunk: unknown[] = [];
    const first = this.#takenItems;
    let failure: { readonly error: unknown } | null = null;
    try {
      while (chunk.length < chunkSize) {
        const { done, value } = items.next();
        if (done === true) {
          this.#isExhausted = true;
          break;
        }
        chunk.push(value);
      }
      checkItems(chunk, api, sharesMemory, first);
    } catch (error) {
      // The source threw, or an item cannot be sent. The error comes in the item's place among the
      // results, and ends them.
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
    try {
      this.#plan.items.return?.();
    } catch {
      // The caller gave up the results; it does not want an error of their source either.
    }
  }
}
