/**
 * A pool of workers: the functions that one would call here, called in threads or processes. This
 * is the front door. It checks what it is given, and says at the call what is wrong with it; the
 * work is done by `WorkerPool`. After multiprocessing.Pool.
 */
import { beginResource, describeResource, checkName } from '../../sync/resource.ts';
import { DONE } from '../../tasks/core/future-state.ts';
import type { Future } from '../../tasks/core/future.ts';
import { checkMs, checkOptions } from '../../tasks/core/options.ts';
import { describeValue } from '../../tasks/core/describe-value.ts';
import { REASON } from '../../trace/format/kinds.ts';
import { cpuCount } from '../core/cpu-count.ts';
import { PoolClosedError } from '../core/errors.ts';
import {
  type AnyFunction,
  type CallResult,
  type FunctionReference,
  referenceFunction,
  type ReturnOf,
} from '../functions/function-reference.ts';
import { refuseWhileImporting } from '../functions/in-worker.ts';
import { ResourceFuture } from '../core/resource-future.ts';
import { encodeShared } from '../shared/shared-arguments.ts';
import { checkArguments } from '../transport/cloneable.ts';
import { MODE, type Mode } from '../transport/messages.ts';
import { markNotTransferable } from '../transport/not-transferable.ts';
import type { NumberArray } from '../transport/number-array.ts';
import { ApplyCall } from './apply-call.ts';
import { abortOnSignal, addCallbacks } from './call-listeners.ts';
import type { CallLimits } from './call.ts';
import {
  checkItems,
  defaultChunkSize,
  shareNumbers,
  type Sliceable,
  type Source,
  toArgumentLists,
  toSource,
} from './chunks.ts';
import { checkImapItems, ImapCall, type ImapItems } from './imap-call.ts';
import { MapCall } from './map-call.ts';
import {
  type Callbacks,
  type CallOptions,
  checkInteger,
  checkLimits,
  checkSignal,
  checkStartOptions,
  type ImapOptions,
  type MapOptions,
  OPTIONS,
  type PoolOptions,
} from './pool-options.ts';
import { type PoolStats, showPool } from './pool-stats.ts';
import { FunctionTable, type PooledFunction } from './pooled-function.ts';
import { WorkerPool } from './worker-pool.ts';

type Arguments<F extends AnyFunction> =
  readonly [...Parameters<F>] | (Parameters<F> extends [] ? readonly [] : never);

/**
 * Workers that call functions for this program. While it is idle, a pool keeps nothing alive;
 * `await using` terminates it at the end of its block. After multiprocessing.Pool.
 *
 * A function can be one that a module exports, or one that captures nothing from around itself;
 * anything else is refused at the call. Arguments and results are cloned, each call's by itself: an
 * object that many calls are given is another one in each. The items of one chunk of a `map` are
 * cloned together, as in Python. Typed arrays over shared memory, SharedLock and SharedCounter are
 * shared with threads. A Buffer comes to a thread, and back, as a Uint8Array, as with every
 * structured clone: `Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)` makes a Buffer of
 * it without a copy.
 *
 * @example
 * const pool = new Pool({ size: 2, name: 'squares' });
 * await pool.apply((n) => n * n, [7]); // → 49
 * await pool.map((n) => n * n, [1, 2, 3]); // → [1, 4, 9]
 * const endless = pool.apply(() => { for (;;); }, [], { timeout: 50 });
 * await endless.catch((error) => error.name); // → 'TimeoutError'
 * await pool.starmap((base, exponent) => base ** exponent, [[2, 3], [3, 2]]); // → [8, 9]
 * pool.stats().failedCalls; // → 0
 * let sum = 0;
 * for await (const result of pool.imap((n) => n * n, [1, 2, 3])) sum += result;
 * sum; // → 14
 * pool.close();
 * await pool.join();
 */
export class Pool implements AsyncDisposable {
  /** As given, or empty. */
  readonly name: string;
  /** How many workers it has, at most. */
  readonly size: number;
  /** What its workers are. */
  readonly kind: 'threads' | 'processes';
  /** In the trace; 0 untraced. */
  readonly #id: number;
  readonly #workers: WorkerPool;
  readonly #functions = new FunctionTable();
  /** Of calls that have none of their own. */
  readonly #limits: CallLimits;

  /**
   * Starts its workers.
   * @throws RangeError or TypeError at once, naming the option; Error while a worker imports the
   *   file that makes the pool (guard that with `isMain`).
   */
  constructor(options: PoolOptions = {}) {
    refuseWhileImporting('a Pool');
    checkOptions('Pool', options, OPTIONS.pool);
    const { kind = 'threads', maxTasksPerWorker, initializer, initArgs = [], timeout = Infinity } = options;
    if (kind !== 'threads' && kind !== 'processes')
      throw new TypeError(`Pool needs 'threads' or 'processes' for kind, not ${describeValue(kind)}`);
    this.name = checkName('pool', options.name);
    this.size = checkInteger(options.size ?? cpuCount(), 'Pool', 'size', 1);
    this.kind = kind;
    if (maxTasksPerWorker !== undefined) checkInteger(maxTasksPerWorker, 'Pool', 'maxTasksPerWorker', 1);
    checkMs('timeout of Pool', timeout);
    this.#limits = { retries: 0, timeoutMs: timeout, abandonOnCancel: false, transfer: null };
    if (!Array.isArray(initArgs))
      throw new TypeError(`Pool needs an array for initArgs, not ${typeof initArgs}`);
    const fn = initializer === undefined ? null : referenceFunction(initializer, 'Pool (initializer)');
    checkArguments(initArgs, 'Pool (initArgs)', this.#sharesMemory);
    const { minSize = this.size, idleTimeout = Infinity, maxQueue = Infinity } = options;
    if (maxQueue !== Infinity) checkInteger(maxQueue, 'Pool', 'maxQueue', 0);
    checkInteger(minSize, 'Pool', 'minSize', 0);
    if (minSize > this.size)
      throw new RangeError(`Pool needs a minSize of at most its size ${this.size}, not ${minSize}`);
    checkMs('idleTimeout of Pool', idleTimeout);
    const startOptions = checkStartOptions(options, kind);
    const concurrency = checkInteger(options.concurrency ?? 1, 'Pool', 'concurrency', 1);
    this.#id = beginResource('pool', this.name, this.size);
    this.#workers = new WorkerPool({
      size: this.size,
      maxQueue,
      minSize,
      idleTimeoutMs: idleTimeout,
      kind,
      description: this.#description,
      maxCalls: maxTasksPerWorker ?? Infinity,
      startOptions,
      init: {
        kind: 'pool',
        name: this.name,
        fn,
        args: encodeShared(initArgs),
        resource: this.#id,
        token: 0,
        claims: null,
        concurrency,
        hasJournal: false,
        pid: process.pid,
      },
    });
  }

  /**
   * Calls the function once, in a worker. After Pool.apply, which blocks until the result is there;
   * waiting for this future does not.
   * @throws PoolClosedError at once unless the pool is open; TypeError at once for a function that
   *   cannot run elsewhere or an argument that cannot be sent, naming it. It fails with the
   *   function's own error, of its class where the function's module has that; with WorkerError
   *   when its worker ended; with QueueFull when `maxQueue` calls wait; with TimeoutError when
   *   it ran for too long; with CancelledError, which has the signal's reason, when that was
   *   aborted.
   */
  apply<F extends AnyFunction>(fn: F, args?: Arguments<F>, options: CallOptions = {}): Future<ReturnOf<F>> {
    checkOptions('pool.apply()', options, OPTIONS.call);
    return this.#apply(fn, args, options, 'pool.apply()');
  }

  /**
   * `apply` with callbacks for its end. After Pool.apply_async.
   * @throws as `apply`; TypeError at once for a callback that is not a function.
   */
  applyAsync<F extends AnyFunction>(
    fn: F,
    args?: Arguments<F>,
    options: CallOptions & Callbacks<ReturnOf<F>> = {},
  ): Future<ReturnOf<F>> {
    const api = 'pool.applyAsync()';
    checkOptions(api, options, [...OPTIONS.call, ...OPTIONS.callbacks]);
    return addCallbacks(this.#apply<F>(fn, args, options, api), options, api);
  }

  /**
   * Calls the function for each item; the results are in the order of the items. It fails with the
   * first error: chunks that no worker has started are abandoned then, others end unheard. Over a
   * typed array of numbers it gives a Float64Array, and every result must be a number. After
   * Pool.map.
   * @throws as `apply`, naming the item; RangeError at once for a number that an option refuses.
   */
  map<A extends NumberArray>(
    fn: (item: number) => number,
    items: A,
    options?: MapOptions,
  ): Future<Float64Array>;
  map<T, R>(fn: (item: T) => R, items: Iterable<T>, options?: MapOptions): Future<CallResult<R>[]>;
  map<T, R>(
    fn: (item: T) => R,
    items: Iterable<T>,
    options: MapOptions = {},
  ): Future<CallResult<R>[] | Float64Array> {
    const api = 'pool.map()';
    checkOptions(api, options, OPTIONS.map);
    return this.#map(fn, MODE.map, items, options, api);
  }

  /**
   * `map` with callbacks for its end. After Pool.map_async.
   * @throws as `map`; TypeError at once for a callback that is not a function.
   */
  mapAsync<T, R>(
    fn: (item: T) => R,
    items: Iterable<T>,
    options: MapOptions & Callbacks<CallResult<R>[]> = {},
  ): Future<CallResult<R>[]> {
    const api = 'pool.mapAsync()';
    checkOptions(api, options, [...OPTIONS.map, ...OPTIONS.callbacks]);
    return addCallbacks(this.#map<CallResult<R>[]>(fn, MODE.map, items, options, api), options, api);
  }

  /**
   * `map` over lists of arguments: calls the function with each list. After Pool.starmap.
   * @throws as `map`; TypeError at once for an item that is not a list.
   */
  starmap<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    argumentLists: Iterable<A>,
    options: MapOptions = {},
  ): Future<CallResult<R>[]> {
    const api = 'pool.starmap()';
    checkOptions(api, options, OPTIONS.map);
    return this.#map(fn, MODE.starmap, argumentLists, options, api);
  }

  /**
   * `starmap` with callbacks for its end. After Pool.starmap_async.
   * @throws as `starmap`; TypeError at once for a callback that is not a function.
   */
  starmapAsync<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    argumentLists: Iterable<A>,
    options: MapOptions & Callbacks<CallResult<R>[]> = {},
  ): Future<CallResult<R>[]> {
    const api = 'pool.starmapAsync()';
    checkOptions(api, options, [...OPTIONS.map, ...OPTIONS.callbacks]);
    const call = this.#map<CallResult<R>[]>(fn, MODE.starmap, argumentLists, options, api);
    return addCallbacks(call, options, api);
  }

  /**
   * The results one by one, in the order of the items, which may be an async iterable: a queue, a
   * stream, an async generator. They may be endless: they are taken only so far `ahead`, so whoever
   * is slow to take results slows their source down. Leaving the loop ends it. After Pool.imap.
   * @throws PoolClosedError, TypeError or RangeError at once, as `map`. What fails later, the
   *   source of the items included, is thrown where its result would have come; behind the error of
   *   a call the iteration can go on.
   */
  imap<T, R>(fn: (item: T) => R, items: ImapItems<T>, options: ImapOptions = {}): ImapCall<CallResult<R>> {
    return this.#imap(fn, items, options, true, 'pool.imap()');
  }

  /** `imap`, in the order in which results come. After Pool.imap_unordered. @throws as `imap`. */
  imapUnordered<T, R>(
    fn: (item: T) => R,
    items: ImapItems<T>,
    options: ImapOptions = {},
  ): ImapCall<CallResult<R>> {
    return this.#imap(fn, items, options, false, 'pool.imapUnordered()');
  }

  /**
   * How many workers it has now, what waits, and what was done so far. A chunk of a `map` counts as
   * a call. After `stats` of workerpool.
   */
  stats(): PoolStats {
    return this.#workers.stats();
  }

  /** Takes no more calls; the workers end when all calls so far are done. After Pool.close. */
  close(): void {
    this.#workers.close();
  }

  /** Ends the workers now; calls not done fail with PoolClosedError. After Pool.terminate. */
  terminate(): void {
    this.#workers.terminate();
  }

  /**
   * Waits until the workers have ended. After Pool.join.
   * @throws Error at once when the pool is open: close or terminate it first.
   */
  join(): Future<void> {
    if (this.#workers.state === 'open')
      throw new Error(`${this.#description} is open; join() needs one that was closed or terminated`);
    const joining = new ResourceFuture<void>(REASON.join, this.#id, 'the join of a pool');
    this.#workers.whenEmpty(() => joining.settle(DONE, undefined, -1));
    return joining;
  }

  /** At the end of the block of an `await using`: `terminate`, then `join`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.terminate();
    await this.join();
  }

  get #sharesMemory(): boolean {
    return this.kind === 'threads';
  }

  get #description(): string {
    return describeResource('pool', this.name);
  }

  #apply<F extends AnyFunction>(
    fn: F,
    args: readonly unknown[] = [],
    options: CallOptions,
    api: string,
  ): ApplyCall<ReturnOf<F>> {
    const pooled = this.#addFunction(fn, api);
    if (!Array.isArray(args))
      throw new TypeError(`${api} needs an array for its arguments, not ${typeof args}`);
    checkArguments(args, api, this.#sharesMemory);
    checkSignal(options, api);
    const limits = checkLimits(options, this.#limits, api, this.#sharesMemory);
    const result = new ApplyCall<ReturnOf<F>>(this.#workers, this.#id, pooled, encodeShared(args), limits);
    if (!abortOnSignal(options.signal, result)) this.#workers.submitIfRoom(result.call);
    return result;
  }

  #map<R>(fn: AnyFunction, mode: Mode, items: unknown, options: MapOptions, api: string): MapCall<R> {
    const pooled = this.#addFunction(fn, api);
    let source = toSource(items, api);
    if (mode === MODE.starmap) source = toArgumentLists(source, api);
    checkItems(source, api, this.#sharesMemory);
    const isAborted = options.signal?.aborted === true;
    const sent = isAborted ? source : shareNumbers(source, this.#sharesMemory);
    return this.#mapSource(pooled, { api, mode, source: sent }, options);
  }

  /**
   * `map` over items that encode themselves in slices and are decoded in the worker.
   * @internal
   */
  mapSliceable<R>(fn: AnyFunction, request: SliceableMapRequest, options: MapOptions): Future<R> {
    const pooled = this.#addFunction(fn, request.api, request.decoder);
    return this.#mapSource(pooled, request, options);
  }

  #mapSource<R>(pooled: PooledFunction, request: MapRequest, options: MapOptions): MapCall<R> {
    const { api, mode, source, finish } = request;
    const { chunkSize, onProgress } = options;
    checkSignal(options, api);
    if (chunkSize !== undefined) checkInteger(chunkSize, api, 'chunkSize', 1);
    if (onProgress !== undefined && typeof onProgress !== 'function')
      throw new TypeError(`${api} needs a function for onProgress, not ${typeof onProgress}`);
    const size = chunkSize ?? defaultChunkSize(source.length, this.size);
    const result = new MapCall<R>({
      workers: this.#workers,
      pool: this.#id,
      api,
      fn: pooled,
      mode,
      source,
      chunkEnd: request.chunkEnd ?? ((from) => from + size),
      sharesMemory: this.#sharesMemory,
      limits: checkLimits(options, this.#limits, api, this.#sharesMemory),
      onProgress: onProgress ?? null,
      ...(finish === undefined ? {} : { finish }),
    });
    abortOnSignal(options.signal, result);
    return result;
  }

  #imap<R>(
    fn: AnyFunction,
    items: unknown,
    options: ImapOptions,
    inOrder: boolean,
    api: string,
  ): ImapCall<R> {
    const pooled = this.#addFunction(fn, api);
    checkOptions(api, options, OPTIONS.imap);
    const { chunkSize = 1, ahead = Math.max(128, 8 * this.size) } = options;
    checkInteger(chunkSize, api, 'chunkSize', 1);
    checkInteger(ahead, api, 'ahead', 1);
    checkSignal(options, api);
    checkImapItems(items, api);
    return new ImapCall<R>({
      workers: this.#workers,
      pool: this.#id,
      api,
      fn: pooled,
      items,
      chunkSize,
      ahead,
      sharesMemory: this.#sharesMemory,
      limits: checkLimits(options, this.#limits, api, this.#sharesMemory),
      inOrder,
      signal: options.signal,
    });
  }

  /** @throws PoolClosedError unless the pool is open; TypeError as `referenceFunction`. */
  #addFunction(fn: AnyFunction, api: string, decoder: FunctionReference | null = null): PooledFunction {
    const { state, breakReason } = this.#workers;
    if (state === 'broken')
      throw new PoolClosedError(`${this.#description} is broken; ${api} needs one that works`, {
        cause: breakReason,
      });
    if (state !== 'open')
      throw new PoolClosedError(`${this.#description} is ${state}; ${api} needs an open pool`);
    return this.#functions.add(fn, api, decoder);
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showPool(this.name, { kind: this.kind, size: this.size, workers: this.#workers });
  }
}

markNotTransferable(Pool);

interface MapRequest {
  readonly api: string;
  readonly mode: Mode;
  readonly source: Source;
  /** Where the chunk ends that begins there; without it chunks have `chunkSize` items. */
  readonly chunkEnd?: (from: number) => number;
  readonly finish?: (results: ArrayLike<unknown>) => unknown;
}

/** A `map` over items that are decoded in the worker. */
export interface SliceableMapRequest extends MapRequest {
  readonly source: Sliceable;
  readonly decoder: FunctionReference;
}
