/**
 * One `map` or `starmap`: its items go out in chunks, a bounded number of them at once, and its results come together in the order of the items.
 * The first error fails it at once; chunks that no worker has begun are dropped, the others end unheard.
 */
import { DONE, FAILED } from '../../tasks/core/future-state.ts';
import { warnThrown } from '../../tasks/core/unhandled.ts';
import { sliceChunk, isNumberArray, type Source } from './chunks.ts';
import { type CallClient, Call, type AverageMs, PoolFuture, type PooledFunction } from './call.ts';
import { type Mode, WHOLE_CHUNK } from '../transport/messages.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Chunks that are under way or in line at once. */
const MAX_CHUNKS = 1024;

export interface MapPlan {
  readonly staff: WorkerPool;
  readonly pool: number;
  readonly who: string;
  readonly fn: PooledFunction;
  readonly mode: Mode;
  readonly source: Source;
  /** Where the chunk ends that begins there. */
  readonly endOf: (from: number) => number;
  readonly shares: boolean;
  readonly retries: number;
  readonly onProgress: ((done: number, total: number) => void) | null;
  /** Makes of the results, in their order, what is asked for. */
  readonly finish?: (results: ArrayLike<unknown>) => unknown;
}

export class MapCall<R> extends PoolFuture<R> implements CallClient {
  readonly #plan: MapPlan;
  readonly #pace: AverageMs = { ms: Infinity };
  readonly #results: unknown[] | Float64Array;
  readonly #jobs = new Set<Call>();
  #next = 0;
  #chunks = 0;
  #done = 0;

  constructor(plan: MapPlan) {
    super(plan.pool);
    this.#plan = plan;
    const { length } = plan.source;
    this.#results = isNumberArray(plan.source) ? new Float64Array(length) : [];
    if (length === 0) this.settle(DONE, plan.finish?.(this.#results) ?? this.#results);
    while (this.#jobs.size < MAX_CHUNKS && this.#next < length) this.#offer();
  }

  done(job: Call, results: unknown): void {
    this.#jobs.delete(job);
    const { source, onProgress } = this.#plan;
    if (this.#plan.mode === WHOLE_CHUNK) (this.#results as unknown[])[job.index] = results;
    else this.#place(job.first, results as readonly unknown[] | Float64Array);
    this.#done += job.items.length;
    if (onProgress !== null) {
      try {
        onProgress(this.#done, source.length);
      } catch (error) {
        warnThrown(`onProgress of ${this.#plan.who} threw`, error);
      }
    }
    if (this.isDone) return;
    if (this.#done === source.length)
      this.settle(DONE, this.#plan.finish?.(this.#results) ?? this.#results, job.by);
    else if (this.#next < source.length) this.#offer();
  }

  failed(job: Call, error: unknown): void {
    this.#jobs.delete(job);
    this.#drop();
    this.settle(FAILED, error, job.by);
  }

  /** Its chunks are wanted no more; those that run end unheard. */
  protected override onCancelled(): void {
    this.#drop();
  }

  /** Gives it up with this error. */
  abort(why: unknown): void {
    this.#drop();
    this.settle(FAILED, why);
  }

  override describe(): string {
    return `the result of ${this.#plan.who}`;
  }

  #offer(): void {
    const { staff, fn, mode, source, endOf, shares, retries } = this.#plan;
    const from = this.#next;
    const to = Math.min(source.length, endOf(from));
    this.#next = to;
    const job = new Call(
      this,
      fn,
      mode,
      sliceChunk(source, from, to, shares),
      this.#pace,
      this.#chunks++,
      from,
      retries,
    );
    this.#jobs.add(job);
    staff.submit(job);
  }

  #place(first: number, results: readonly unknown[] | Float64Array): void {
    const all = this.#results;
    if (all instanceof Float64Array) {
      if (!(results instanceof Float64Array))
        return this.abort(
          new TypeError(
            `${this.#plan.who} over a typed array needs a function that gives numbers; it gave others too`,
          ),
        );
      all.set(results, first);
    } else for (let i = 0; i < results.length; i++) all[first + i] = results[i];
  }

  #drop(): void {
    for (const job of this.#jobs) job.dropped = true;
    this.#jobs.clear();
    this.#next = this.#plan.source.length;
  }
}
