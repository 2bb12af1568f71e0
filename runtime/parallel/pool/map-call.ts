/**
 * One `map` or `starmap`. Its items go out in chunks, a bounded number of them at once, and its
 * results come together in the order of the items. The first error fails it at once: chunks that
 * no worker has started are abandoned, the others end unheard. When it is cancelled they are
 * stopped.
 */
import { DONE, FAILED } from '../../tasks/core/future-state.ts';
import { warnThrown } from '../../tasks/core/unhandled.ts';
import { MODE, type Mode } from '../transport/messages.ts';
import { Call, type CallLimits } from './call.ts';
import { sliceChunk, isNumberArray, type Source } from './chunks.ts';
import { PoolResult } from './pool-result.ts';
import type { PooledFunction } from './pooled-function.ts';
import { RunningAverage } from './running-average.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Chunks that are queued or under way at once. */
const MAX_CHUNKS = 1024;

export interface MapPlan {
  readonly workers: WorkerPool;
  /** The pool's id in the trace, or 0. */
  readonly pool: number;
  readonly api: string;
  readonly fn: PooledFunction;
  readonly mode: Mode;
  readonly source: Source;
  /** Where the chunk ends that begins there. */
  readonly chunkEnd: (from: number) => number;
  readonly sharesMemory: boolean;
  readonly limits: CallLimits;
  readonly onProgress: ((done: number, total: number) => void) | null;
  /** Makes what the caller asked for of the results, which are in their order. */
  readonly finish?: (results: ArrayLike<unknown>) => unknown;
}

export class MapCall<R> extends PoolResult<R> {
  readonly #plan: MapPlan;
  readonly #average = new RunningAverage();
  readonly #results: unknown[] | Float64Array;
  readonly #calls = new Set<Call>();
  /** Index of the first item that was not submitted. */
  #nextItem = 0;
  #chunks = 0;
  #doneItems = 0;
  #waitsForRoom = false;

  constructor(plan: MapPlan) {
    super(plan.pool, `the result of ${plan.api}`);
    this.#plan = plan;
    const { length } = plan.source;
    this.#results = isNumberArray(plan.source) ? new Float64Array(length) : [];
    if (length === 0) this.#finish();
    this.#submitChunks();
  }

  done(call: Call, results: unknown): void {
    this.#calls.delete(call);
    const { api, mode, source, onProgress } = this.#plan;
    if (mode === MODE.wholeChunk) (this.#results as unknown[])[call.index] = results;
    else this.#placeResults(call.first, results as readonly unknown[] | Float64Array);
    this.#doneItems += call.items.length;
    if (onProgress !== null) {
      try {
        onProgress(this.#doneItems, source.length);
      } catch (error) {
        warnThrown(`onProgress of ${api} threw`, error);
      }
    }
    if (this.isDone) return;
    if (this.#doneItems === source.length) this.#finish(call.settler);
    else this.#submitChunks();
  }

  failed(call: Call, error: unknown): void {
    this.#calls.delete(call);
    for (const other of this.#takeCalls()) other.isAbandoned = true;
    this.settle(FAILED, error, call.settler);
  }

  protected override stopCalls(): void {
    for (const call of this.#takeCalls()) this.#plan.workers.stop(call);
  }

  /** @returns its calls, of which it knows nothing more; it submits no other. */
  #takeCalls(): Call[] {
    const calls = [...this.#calls];
    this.#calls.clear();
    this.#nextItem = this.#plan.source.length;
    return calls;
  }

  /** As many as may be under way, and as the pool has room for. */
  #submitChunks(): void {
    const { workers, source } = this.#plan;
    while (this.#calls.size < MAX_CHUNKS && this.#nextItem < source.length) {
      if (workers.hasRoom) this.#submitChunk();
      else {
        if (!this.#waitsForRoom) workers.whenRoom(() => this.#takeRoom());
        this.#waitsForRoom = true;
        return;
      }
    }
  }

  #takeRoom(): void {
    this.#waitsForRoom = false;
    this.#submitChunks();
  }

  #submitChunk(): void {
    const { workers, fn, mode, source, chunkEnd, sharesMemory, limits } = this.#plan;
    const from = this.#nextItem;
    const to = Math.min(source.length, chunkEnd(from));
    this.#nextItem = to;
    const items = sliceChunk(source, from, to, sharesMemory);
    const call = new Call(this, fn, mode, items, limits).asChunk(this.#chunks++, from, this.#average);
    this.#calls.add(call);
    workers.submit(call);
  }

  #placeResults(first: number, results: readonly unknown[] | Float64Array): void {
    const all = this.#results;
    if (all instanceof Float64Array) {
      if (!(results instanceof Float64Array))
        return this.abort(
          new TypeError(
            `${this.#plan.api} over a typed array needs a function that gives numbers; it gave others too`,
          ),
        );
      all.set(results, first);
    } else for (let i = 0; i < results.length; i++) all[first + i] = results[i];
  }

  #finish(settler?: number): void {
    this.settle(DONE, this.#plan.finish?.(this.#results) ?? this.#results, settler);
  }
}
