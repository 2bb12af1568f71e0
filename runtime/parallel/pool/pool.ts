/**
 * A pool of workers: the same functions that one would call here, called in threads or processes. The front door: it looks at what it was
 * given, and says at the call what is wrong with it. After multiprocessing.Pool.
 */
import { beginResource, describeResource, checkName } from '../../sync/resource.ts';
import { DONE } from '../../tasks/core/future-state.ts';
import type { Future } from '../../tasks/core/future.ts';
import { checkOptions } from '../../tasks/core/options.ts';
import { describeValue } from '../../tasks/core/describe-value.ts';
import { ApplyCall } from './apply-call.ts';
import {
  argumentLists,
  checkItems,
  type Sliceable,
  defaultChunkSize,
  sharedOnce,
  type Source,
  sourceOf,
} from './chunks.ts';
import { cpuCount } from '../cpu-count.ts';
import { PoolClosedError } from '../errors.ts';
import { refuseWhileImporting } from '../functions/in-worker.ts';
import {
  type AnyFunction,
  type FunctionName,
  nameFunction,
  type ReturnOf,
  type Whole,
} from '../functions/name-function.ts';
import { ImapCall } from './imap-call.ts';
import { PoolJoin } from './join-pool.ts';
import { cancelOnAbort, withCallbacks } from './call-listeners.ts';
import {
  type Callbacks,
  type CallOptions,
  type ImapOptions,
  checkSignal,
  type MapOptions,
  OPTIONS,
  type PoolOptions,
  retriesOf,
  positiveInteger,
} from './pool-options.ts';
import { Call, type PooledFunction } from './call.ts';
import { MapCall } from './map-call.ts';
import { APPLY, MAP, type Mode, type NumberArray, STARMAP } from '../transport/messages.ts';
import { sharedArguments } from '../shared/shared-lock.ts';
import { WorkerPool } from './worker-pool.ts';
import { notTransferable } from '../transport/not-transferable.ts';
import { checkArguments } from '../transport/cloneable.ts';

type Arguments<F extends AnyFunction> =
  readonly [...Parameters<F>] | (Parameters<F> extends [] ? readonly [] : never);

/**
 * Workers that call functions for this program. Idle, a pool keeps nothing alive; `await using` terminates it at the end of its block. After
 * multiprocessing.Pool.
 *
 * Functions: those that a module exports, and those that take nothing from around themselves; anything else is refused at the call.
 * Arguments and results are cloned; typed arrays over shared memory, SharedLock and SharedCounter are shared with threads.
 *
 * @example
 * const pool = new Pool({ size: 2, name: 'squares' });
 * await pool.apply((n) => n * n, [7]); // → 49
 * await pool.map((n) => n * n, [1, 2, 3]); // → [1, 4, 9]
 * await pool.starmap((base, exponent) => base ** exponent, [[2, 3], [3, 2]]); // → [8, 9]
 * let sum = 0;
 * for await (const result of pool.imap((n) => n * n, [1, 2, 3])) sum += result;
 * sum; // → 14
 * pool.close();
 * await pool.join();
 */
export class Pool implements AsyncDisposable {
  /** As given, or empty. */
  readonly name: string;
  /** How many workers it has. */
  readonly size: number;
  /** What they are. */
  readonly kind: 'threads' | 'processes';
  readonly #id: number;
  readonly #workers: WorkerPool;
  readonly #functions = new WeakMap<AnyFunction, PooledFunction>();
  #lastFunction = 0;

  /**
   * Starts its workers.
   * @throws RangeError or TypeError at once, naming the option; Error while a worker imports the file that makes it (guard that with `isMain`).
   */
  constructor(options: PoolOptions = {}) {
    refuseWhileImporting('a Pool');
    checkOptions('Pool', options, OPTIONS.pool);
    const { kind = 'threads', initializer, initArgs = [] } = options;
    if (kind !== 'threads' && kind !== 'processes')
      throw new TypeError(`Pool needs 'threads' or 'processes' for kind, not ${describeValue(kind)}`);
    this.name = checkName('pool', options.name);
    this.size = positiveInteger(options.size ?? cpuCount(), 'Pool', 'size', 1);
    this.kind = kind;
    const most = options.maxTasksPerWorker;
    if (most !== undefined) positiveInteger(most, 'Pool', 'maxTasksPerWorker', 1);
    if (!Array.isArray(initArgs))
      throw new TypeError(`Pool needs an array for initArgs, not ${typeof initArgs}`);
    const fn = initializer === undefined ? null : nameFunction(initializer, 'Pool (initializer)');
    checkArguments(initArgs, 'Pool (initArgs)', this.#shares);
    const args = sharedArguments(initArgs);
    this.#id = beginResource('pool', this.name, this.size);
    this.#workers = new WorkerPool({
      size: this.size,
      kind,
      description: this.#description,
      maxCalls: most ?? Infinity,
      init: {
        kind: 'pool',
        name: this.name,
        fn,
        args,
        resource: this.#id,
        token: 0,
        claims: null,
        pid: process.pid,
      },
    });
  }

  /**
   * Calls the function once, in a worker. After Pool.apply, which blocks meanwhile; waiting for this future does not.
   * @throws PoolClosedError at once unless the pool is open; TypeError at once for a function that cannot run elsewhere or an argument that cannot be
   *   sent, naming it. (fails) with the function's own error; with WorkerError when its worker ended; with the reason of an aborted signal.
   */
  apply<F extends AnyFunction>(fn: F, args?: Arguments<F>, options: CallOptions = {}): Future<ReturnOf<F>> {
    checkOptions('pool.apply()', options, OPTIONS.call);
    return this.#apply(fn, args, options, 'pool.apply()');
  }

  /** `apply`, and calls back with its end. After Pool.apply_async. @throws as `apply`; TypeError at once for a callback that is no function. */
  applyAsync<F extends AnyFunction>(
    fn: F,
    args?: Arguments<F>,
    options: CallOptions & Callbacks<ReturnOf<F>> = {},
  ): Future<ReturnOf<F>> {
    const who = 'pool.applyAsync()';
    checkOptions(who, options, [...OPTIONS.call, ...OPTIONS.callbacks]);
    return withCallbacks(this.#apply<F>(fn, args, options, who), options, who);
  }

  /**
   * Calls the function for each item; the results are in the order of the items. It fails with the first error: chunks not begun are dropped
   * then, others end unheard. Over a typed array of numbers it gives a Float64Array, and nothing but numbers may come. After Pool.map.
   * @throws as `apply`, naming the item; RangeError at once for an option that is no such number.
   */
  map<A extends NumberArray>(
    fn: (item: number) => number,
    items: A,
    options?: MapOptions,
  ): Future<Float64Array>;
  map<T, R>(fn: (item: T) => R, items: Iterable<T>, options?: MapOptions): Future<Whole<R>[]>;
  map<T, R>(
    fn: (item: T) => R,
    items: Iterable<T>,
    options: MapOptions = {},
  ): Future<Whole<R>[] | Float64Array> {
    const who = 'pool.map()';
    checkOptions(who, options, OPTIONS.map);
    return this.#map(fn, MAP, items, options, who);
  }

  /** `map`, and calls back with its end. After Pool.map_async. @throws as `map`; TypeError at once for a callback that is no function. */
  mapAsync<T, R>(
    fn: (item: T) => R,
    items: Iterable<T>,
    options: MapOptions & Callbacks<Whole<R>[]> = {},
  ): Future<Whole<R>[]> {
    const who = 'pool.mapAsync()';
    checkOptions(who, options, [...OPTIONS.map, ...OPTIONS.callbacks]);
    return withCallbacks(this.#map<Whole<R>[]>(fn, MAP, items, options, who), options, who);
  }

  /**
   * `map` over lists of arguments: calls the function with each list. After Pool.starmap.
   * @throws as `map`; TypeError at once for an item that is no list.
   */
  starmap<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    argumentLists: Iterable<A>,
    options: MapOptions = {},
  ): Future<Whole<R>[]> {
    const who = 'pool.starmap()';
    checkOptions(who, options, OPTIONS.map);
    return this.#map(fn, STARMAP, argumentLists, options, who);
  }

  /** `starmap`, and calls back with its end. After Pool.starmap_async. @throws as `starmap`; TypeError at once for a callback that is no function. */
  starmapAsync<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    argumentLists: Iterable<A>,
    options: MapOptions & Callbacks<Whole<R>[]> = {},
  ): Future<Whole<R>[]> {
    const who = 'pool.starmapAsync()';
    checkOptions(who, options, [...OPTIONS.map, ...OPTIONS.callbacks]);
    return withCallbacks(this.#map<Whole<R>[]>(fn, STARMAP, argumentLists, options, who), options, who);
  }

  /**
   * The results one by one, in the order of the items, which may be without end: they are taken only so far ahead. After Pool.imap.
   * @throws PoolClosedError, TypeError or RangeError at once, as `map`. What fails later, the source of the items included, is thrown where its
   *   result would have come; behind the error of a call the iteration can go on.
   */
  imap<T, R>(fn: (item: T) => R, items: Iterable<T>, options: ImapOptions = {}): ImapCall<Whole<R>> {
    return this.#imap(fn, items, options, true, 'pool.imap()');
  }

  /** `imap`, in the order in which results come. After Pool.imap_unordered. @throws as `imap`. */
  imapUnordered<T, R>(fn: (item: T) => R, items: Iterable<T>, options: ImapOptions = {}): ImapCall<Whole<R>> {
    return this.#imap(fn, items, options, false, 'pool.imapUnordered()');
  }

  /** Takes no more calls; the workers end when all is done that was asked for. After Pool.close. */
  close(): void {
    this.#workers.close();
  }

  /** Ends the workers now. What was asked for and is not done fails with PoolClosedError. After Pool.terminate. */
  terminate(): void {
    this.#workers.terminate();
  }

  /** Waits until the workers have ended. After Pool.join. @throws Error at once when the pool is open: close or terminate it first. */
  join(): Future<void> {
    if (this.#workers.state === 'open')
      throw new Error(`${this.#description} is open; join() needs one that was closed or terminated`);
    const joining = new PoolJoin(this.#id);
    this.#workers.whenEmpty(() => joining.settle(DONE, undefined, -1));
    return joining;
  }

  /** At the end of the block of an `await using`: `terminate`, then `join`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.terminate();
    await this.join();
  }

  get #shares(): boolean {
    return this.kind === 'threads';
  }

  get #description(): string {
    return describeResource('pool', this.name);
  }

  #apply<F extends AnyFunction>(
    fn: F,
    args: readonly unknown[] = [],
    options: CallOptions,
    who: string,
  ): ApplyCall<ReturnOf<F>> {
    const known = this.#take(fn, who);
    if (!Array.isArray(args))
      throw new TypeError(`${who} needs an array for its arguments, not ${typeof args}`);
    checkArguments(args, who, this.#shares);
    checkSignal(options, who);
    const call = new ApplyCall<ReturnOf<F>>(this.#id);
    const wired = sharedArguments(args);
    call.job = new Call(call, known, APPLY, wired, known.average, 0, 0, retriesOf(options, who));
    if (!cancelOnAbort(options.signal, call)) this.#workers.submit(call.job);
    return call;
  }

  #map<R>(fn: AnyFunction, mode: Mode, items: unknown, options: MapOptions, who: string): MapCall<R> {
    const known = this.#take(fn, who);
    let source = sourceOf(items, who);
    if (mode === STARMAP) source = argumentLists(source, who);
    checkItems(source, who, this.#shares);
    const isOver = options.signal?.aborted === true;
    return this.#mapOver(
      known,
      { who, mode, source: isOver ? source : sharedOnce(source, this.#shares) },
      options,
    );
  }

  /**
   * What `map` does, over items that cut themselves and are opened in the worker.
   * @internal
   */
  mapSliceable<R>(fn: AnyFunction, how: SliceablePlan, options: MapOptions): Future<R> {
    return this.#mapOver(this.#take(fn, how.who, how.decoder), how, options);
  }

  #mapOver<R>(known: PooledFunction, how: MapHow, options: MapOptions): MapCall<R> {
    const { who, mode, source, finish } = how;
    const { chunkSize, onProgress } = options;
    checkSignal(options, who);
    if (chunkSize !== undefined) positiveInteger(chunkSize, who, 'chunkSize', 1);
    if (onProgress !== undefined && typeof onProgress !== 'function')
      throw new TypeError(`${who} needs a function for onProgress, not ${typeof onProgress}`);
    const call = new MapCall<R>({
      staff: this.#workers,
      pool: this.#id,
      who,
      fn: known,
      mode,
      source,
      endOf: how.endOf ?? endsOf(chunkSize ?? defaultChunkSize(source.length, this.size)),
      shares: this.#shares,
      retries: retriesOf(options, who),
      onProgress: onProgress ?? null,
      ...(finish === undefined ? {} : { finish }),
    });
    cancelOnAbort(options.signal, call);
    return call;
  }

  #imap<R>(
    fn: AnyFunction,
    items: unknown,
    options: ImapOptions,
    inOrder: boolean,
    who: string,
  ): ImapCall<R> {
    const known = this.#take(fn, who);
    checkOptions(who, options, OPTIONS.imap);
    const { chunkSize = 1, ahead = Math.max(128, 8 * this.size) } = options;
    positiveInteger(chunkSize, who, 'chunkSize', 1);
    positiveInteger(ahead, who, 'ahead', 1);
    if (
      items === null ||
      items === undefined ||
      typeof (items as Iterable<unknown>)[Symbol.iterator] !== 'function'
    )
      throw new TypeError(
        `${who} needs something to iterate over for its items, not ${items === null ? 'null' : typeof items}`,
      );
    return new ImapCall<R>({
      staff: this.#workers,
      pool: this.#id,
      who,
      fn: known,
      items: (items as Iterable<unknown>)[Symbol.iterator](),
      chunkSize,
      ahead,
      shares: this.#shares,
      retries: retriesOf(options, who),
      inOrder,
    });
  }

  /** Whether it takes calls, and the function as it knows it. */
  #take(fn: AnyFunction, who: string, decoder: FunctionName | null = null): PooledFunction {
    const { state, breakReason: why } = this.#workers;
    if (state === 'broken')
      throw new PoolClosedError(`${this.#description} is broken; ${who} needs one that works`, {
        cause: why,
      });
    if (state !== 'open')
      throw new PoolClosedError(`${this.#description} is ${state}; ${who} needs an open pool`);
    const known = this.#functions.get(fn);
    if (known !== undefined && known.decoder === decoder) return known;
    const name = nameFunction(fn, who);
    const made = {
      number: ++this.#lastFunction,
      name,
      label: fn.name || 'a function',
      decoder,
      average: { ms: Infinity },
    };
    this.#functions.set(fn, made);
    return made;
  }
}

notTransferable(Pool);

/** A `map` over items that are opened in the worker. */
export interface SliceablePlan extends MapHow {
  readonly source: Sliceable;
  readonly decoder: FunctionName;
}

interface MapHow {
  readonly who: string;
  readonly mode: Mode;
  readonly source: Source;
  /** Where the chunk ends that begins there; without it chunks of `chunkSize`. */
  readonly endOf?: (from: number) => number;
  readonly finish?: (results: ArrayLike<unknown>) => unknown;
}

function endsOf(chunkSize: number): (from: number) => number {
  return (from) => from + chunkSize;
}
