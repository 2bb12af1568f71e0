/**
 * One `imap`: items are taken from their source only so far ahead of whoever takes the results, so that it may be endless. After Python's
 * IMapIterator: an error is thrown where its result would have come, and the iteration can go on behind it.
 */
import { DONE, FAILED, STATE } from '../../tasks/core/future-state.ts';
import { Future } from '../../tasks/core/future.ts';
import { sliceChunk, checkItems } from './chunks.ts';
import { Call, type AverageMs, PoolFuture, type PooledFunction } from './call.ts';
import { MAP } from '../transport/messages.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface ImapPlan {
  readonly staff: WorkerPool;
  readonly pool: number;
  readonly who: string;
  readonly fn: PooledFunction;
  readonly items: Iterator<unknown>;
  readonly chunkSize: number;
  /** Chunks that were taken and whose results were not. */
  readonly ahead: number;
  readonly shares: boolean;
  readonly retries: number;
  readonly inOrder: boolean;
}

/** What came of a chunk, and how much of it was given. */
interface Arrived {
  readonly state: number;
  readonly values: ArrayLike<unknown>;
  readonly by: number;
  given: number;
}

/** What `imap` gives: `for await (const result of pool.imap(…))`; in a coroutine `yield* results.next()`. */
export class ImapCall<R> implements AsyncIterable<R> {
  readonly #plan: ImapPlan;
  readonly #pace: AverageMs = { ms: Infinity };
  readonly #jobs = new Set<Call>();
  /** By their number when in order, else as they come. */
  readonly #arrived = new Map<number, Arrived>();
  readonly #takers: PoolFuture<IteratorResult<R, undefined>>[] = [];
  /** Of chunks: taken from the source, and given whole. */
  #taken = 0;
  #given = 0;
  #comes = 0;
  #items = 0;
  #exhausted = false;
  #pulling = false;

  /** @internal Use `pool.imap()`. */
  constructor(plan: ImapPlan) {
    this.#plan = plan;
    this.#pull();
  }

  /** The next result. @throws (fails with) the error of the call that it would have been of. */
  next(): Future<IteratorResult<R, undefined>> {
    const taker = new PoolFuture<IteratorResult<R, undefined>>(this.#plan.pool);
    this.#takers.push(taker);
    this.#serve();
    return taker;
  }

  /** Takes nothing more; what is under way ends unheard. */
  return(): Future<IteratorResult<R, undefined>> {
    this.#stop();
    for (const job of this.#jobs) job.dropped = true;
    this.#jobs.clear();
    this.#arrived.clear();
    this.#given = this.#taken;
    this.#serve();
    return Future.done({ done: true, value: undefined });
  }

  /** `for await (const result of pool.imap(…))`; leaving the loop is `return`. */
  [Symbol.asyncIterator](): AsyncIterator<R, undefined> {
    // A future is thenable, which is all that `for await` asks for.
    return this as unknown as AsyncIterator<R, undefined>;
  }

  /** @internal */
  done(job: Call, results: unknown): void {
    this.#arrive(job, { state: DONE, values: results as ArrayLike<unknown>, by: job.by, given: 0 });
  }

  /** @internal */
  failed(job: Call, error: unknown): void {
    this.#arrive(job, { state: FAILED, values: [error], by: job.by, given: 0 });
  }

  #arrive(job: Call, arrived: Arrived): void {
    this.#jobs.delete(job);
    this.#arrived.set(this.#plan.inOrder ? job.index : this.#comes++, arrived);
    this.#serve();
  }

  /** Gives what has arrived to who waits, in order. */
  #serve(): void {
    while (this.#takers.length > 0) {
      const arrived = this.#arrived.get(this.#given);
      if (arrived === undefined) {
        if (!this.#exhausted || this.#given < this.#taken) return;
        for (const taker of this.#takers.splice(0)) taker.settle(DONE, { done: true, value: undefined });
        return;
      }
      const taker = this.#takers.shift()!;
      // Who gave up its wait takes nothing.
      if (taker.flags & STATE) continue;
      const value = arrived.values[arrived.given++];
      if (arrived.given === arrived.values.length) {
        this.#arrived.delete(this.#given++);
        this.#pull();
      }
      taker.settle(arrived.state, arrived.state === DONE ? { done: false, value } : value, arrived.by);
    }
  }

  #pull(): void {
    if (this.#pulling) return;
    const { staff, ahead } = this.#plan;
    // Many at once: each time costs a message.
    if (this.#taken - this.#given > ahead / 2) return;
    this.#pulling = true;
    while (!this.#exhausted && this.#taken - this.#given < ahead) {
      if (staff.state === 'terminated' || staff.state === 'broken') this.#exhausted = true;
      this.#takeChunk();
    }
    this.#pulling = false;
  }

  #takeChunk(): void {
    const { staff, who, fn, items, chunkSize, shares, retries } = this.#plan;
    const chunk: unknown[] = [];
    const first = this.#items;
    let failure: { readonly error: unknown } | null = null;
    try {
      while (chunk.length < chunkSize) {
        const { done, value } = items.next();
        if (done === true) {
          this.#exhausted = true;
          break;
        }
        chunk.push(value);
      }
      checkItems(chunk, who, shares, first);
    } catch (error) {
      // The source's own error, or an item that cannot be sent: in its place among the results, and the end of them.
      this.#exhausted = true;
      failure = { error };
    }
    if (chunk.length === 0 && failure === null) return;
    this.#items += chunk.length;
    const index = this.#taken++;
    const job = new Call(
      this,
      fn,
      MAP,
      failure === null ? sliceChunk(chunk, 0, chunk.length, shares) : [],
      this.#pace,
      index,
      first,
      retries,
    );
    if (failure !== null) this.failed(job, failure.error);
    else {
      this.#jobs.add(job);
      staff.submit(job);
    }
  }

  #stop(): void {
    if (this.#exhausted) return;
    this.#exhausted = true;
    try {
      this.#plan.items.return?.();
    } catch {
      // The results are what the caller gave up; its source's last words are not asked for.
    }
  }
}
