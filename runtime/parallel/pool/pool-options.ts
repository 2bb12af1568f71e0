/** The options of a pool and of its calls, and what they refuse. */
import { SHARE_ENV } from 'node:worker_threads';
import type { Environment, MemoryLimits, Transferable } from '../transport/node-types.ts';
import { describeValue } from '../../tasks/core/describe-value.ts';
import { checkMs, checkSwitch } from '../../tasks/core/options.ts';
import type { AnyFunction } from '../functions/function-reference.ts';
import { checkTransfer } from '../transport/move.ts';
import type { StartOptions } from '../transport/worker-handle.ts';
import type { CallLimits } from './call.ts';

/** How many workers, of which kind, and how they start. */
export interface PoolOptions {
  /** How many workers, at most; without it `cpuCount()`. */
  readonly size?: number;
  /**
   * How many workers are started at once, and stay: all of `size` without it. Others are started
   * while calls wait. After `minThreads` of piscina.
   */
  readonly minSize?: number;
  /**
   * How long a worker beyond `minSize` stays without a call, in ms. Infinity without it. After
   * `idleTimeout` of piscina.
   */
  readonly idleTimeout?: number;
  /**
   * `threads` (the default) share memory and start in some 15 ms; `processes` share nothing, and
   * each has a heap of its own.
   */
  readonly kind?: 'threads' | 'processes';
  /**
   * Calls, or chunks, that a worker has under way at once: while some wait, others run. 1 without
   * it. When one of them ends its worker or is stopped, those that were under way there fail with
   * WorkerError, or start anew by their `retries`. After `concurrency` of BullMQ's Worker.
   */
  readonly concurrency?: number;
  /** Calls, or chunks, that a worker runs before it is replaced; without it workers stay. */
  readonly maxTasksPerWorker?: number;
  /**
   * Called in each worker before its first call. When it throws, the pool is broken: every call
   * fails with WorkerError, whose `cause` is that error.
   */
  readonly initializer?: AnyFunction;
  /** The arguments of the initializer. */
  readonly initArgs?: readonly unknown[];
  /**
   * The environment of its workers; without it that of this process. `SHARE_ENV` of
   * `node:worker_threads`: threads have this process's own.
   */
  readonly env?: Environment | symbol;
  /** Node's flags for its workers; without it those of this process. */
  readonly execArgv?: readonly string[];
  /**
   * How much memory a thread may have. A thread that needs more ends, and its call fails with
   * WorkerError. Processes have flags: `execArgv: ['--max-old-space-size=100']`.
   */
  readonly resourceLimits?: MemoryLimits;
  /**
   * How many calls may wait for a worker, beyond those that the workers take (`size` times
   * `concurrency`). `apply` fails with QueueFull when there are so many; `map` and `imap` submit
   * their chunks as there is room. Without it: any number. After `maxQueue` of piscina.
   */
  readonly maxQueue?: number;
  /** How long each call, or chunk, may run: `timeout` of the calls that have none of their own. */
  readonly timeout?: number;
  /** The pool's name in the trace and in messages. */
  readonly name?: string;
}

/** How long the result of a call is wanted, and what happens when its worker ends. */
export interface CallOptions {
  /**
   * When it aborts, the call is cancelled: it fails with CancelledError, which has the reason.
   * Calls that no worker has started never start. The worker of a call that runs is ended, whatever
   * it does, and replaced; calls that waited there go to other workers. What the call has of the
   * program outside its worker, such as a SharedLock, it keeps.
   */
  readonly signal?: AbortSignal;
  /**
   * How long the call, or each chunk of a map, may run, in ms from when it begins in a worker.
   * After that it fails with TimeoutError, and its worker is ended and replaced. Infinity without
   * it. A call with a limit costs some 10 µs more: its worker says when it begins. After `timeout`
   * of Pebble's `schedule`.
   */
  readonly timeout?: number;
  /**
   * true: the worker goes on with a call that was cancelled, aborted or took too long, and takes
   * the next one when that has ended; what it gives is not wanted. After `abandon_on_cancel` of
   * AnyIO.
   */
  readonly abandonOnCancel?: boolean;
  /**
   * How often a call is started anew when its worker ends in the middle of it, never after an error
   * of the function itself. 0 without it.
   */
  readonly retries?: number;
  /**
   * What of the arguments, or of the items, is moved to a thread instead of copied: ArrayBuffers
   * and ports. They are empty here from when the call is sent. Such a call goes to an idle worker,
   * and cannot be started anew. For results there is `move`. After `transferList` of piscina.
   */
  readonly transfer?: readonly Transferable[];
}

/** How the items of a `map` are cut into chunks, and who is told of its progress. */
export interface MapOptions extends CallOptions {
  /** Items of a chunk; without it ⌈items / 4 size⌉. */
  readonly chunkSize?: number;
  /** Called after each chunk, with the number of items that are done and the number of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Functions that are called at the end of an asynchronous call. */
export interface Callbacks<R> {
  /** Called with the result, in the order in which results come. Its errors become warnings. */
  readonly callback?: (result: R) => void;
  /** Called with the error. */
  readonly errorCallback?: (error: unknown) => void;
}

/** How far ahead of the results the items of an `imap` are taken. */
export interface ImapOptions {
  /**
   * When it aborts, no more items are taken, calls are stopped as those of `apply`, and the next
   * result is a CancelledError, which has the reason. `currentTask().signal`: it ends with the
   * task.
   */
  readonly signal?: AbortSignal;
  /** Items of a chunk: 1 without it, as in Python. */
  readonly chunkSize?: number;
  /**
   * Chunks that are taken from the items, at most, before their results are taken: the source is
   * read `ahead` times `chunkSize` items ahead, and not further. Without it 128, or 8 a worker when
   * that is more.
   */
  readonly ahead?: number;
  /** How often a chunk is started anew when its worker ends in the middle of it. 0 without it. */
  readonly retries?: number;
  /** How long a chunk may run, as `timeout` of `apply`. */
  readonly timeout?: number;
}

/** The options of each, as `checkOptions` needs them. */
export const OPTIONS = {
  pool: [
    'size',
    'minSize',
    'idleTimeout',
    'kind',
    'concurrency',
    'maxTasksPerWorker',
    'maxQueue',
    'initializer',
    'initArgs',
    'env',
    'execArgv',
    'resourceLimits',
    'timeout',
    'name',
  ],
  call: ['signal', 'timeout', 'abandonOnCancel', 'retries', 'transfer'],
  map: ['signal', 'timeout', 'abandonOnCancel', 'retries', 'transfer', 'chunkSize', 'onProgress'],
  imap: ['signal', 'chunkSize', 'ahead', 'retries', 'timeout'],
  callbacks: ['callback', 'errorCallback'],
} as const;

/**
 * @returns the value.
 * @throws TypeError for what is not a number, RangeError for a number that is not whole or is below
 *   the minimum; both name the option.
 */
export function checkInteger(value: number, api: string, option: string, min: number): number {
  if (Number.isSafeInteger(value) && value >= min) return value;
  const ErrorClass = typeof value === 'number' ? RangeError : TypeError;
  throw new ErrorClass(
    `${api} needs a whole number from ${min} up for ${option}, not ${describeValue(value)}`,
  );
}

/** @throws TypeError for what is not an AbortSignal. */
export function checkSignal({ signal }: Pick<CallOptions, 'signal'>, api: string): void {
  // By what it can do, not by its class: the signal may be of another realm.
  if (signal !== undefined && typeof (signal as AbortSignal | null)?.addEventListener !== 'function')
    throw new TypeError(`${api} needs an AbortSignal for signal, not ${describeValue(signal)}`);
}

/** @throws TypeError for what cannot be an environment, flags or limits of such workers. */
export function checkStartOptions(
  { env, execArgv, resourceLimits }: PoolOptions,
  kind: 'threads' | 'processes',
): StartOptions {
  const isEnvironment = env === SHARE_ENV ? kind === 'threads' : typeof env === 'object' && env !== null;
  if (env !== undefined && !isEnvironment)
    throw new TypeError(
      `Pool of ${kind} needs an object of texts for env, not ${env === SHARE_ENV ? 'SHARE_ENV' : describeValue(env)}`,
    );
  if (execArgv !== undefined && !isTexts(execArgv))
    throw new TypeError(`Pool needs a list of texts for execArgv, not ${describeValue(execArgv)}`);
  if (resourceLimits !== undefined && (typeof resourceLimits !== 'object' || resourceLimits === null))
    throw new TypeError(`Pool needs an object for resourceLimits, not ${describeValue(resourceLimits)}`);
  if (resourceLimits !== undefined && kind === 'processes')
    throw new TypeError(
      "Pool of processes takes no resourceLimits; give it execArgv: ['--max-old-space-size=…']",
    );
  return {
    ...(env === undefined ? {} : { env }),
    ...(execArgv === undefined ? {} : { execArgv }),
    ...(resourceLimits === undefined ? {} : { resourceLimits }),
  };
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

/**
 * @param defaults the limits of the pool, which are those of a call without options.
 * @throws as `checkInteger`, `checkMs` and `checkSwitch`.
 */
export function checkLimits(
  options: Omit<CallOptions, 'signal'>,
  defaults: CallLimits,
  api: string,
  sharesMemory: boolean,
): CallLimits {
  const { retries, timeout, abandonOnCancel, transfer } = options;
  if (
    retries === undefined &&
    timeout === undefined &&
    abandonOnCancel === undefined &&
    transfer === undefined
  )
    return defaults;
  if (retries !== undefined) checkInteger(retries, api, 'retries', 0);
  if (timeout !== undefined) checkMs(`timeout of ${api}`, timeout);
  checkSwitch(`abandonOnCancel of ${api}`, abandonOnCancel);
  if (transfer !== undefined) {
    checkTransfer(transfer, api);
    if (!sharesMemory) throw new TypeError(`${api} can transfer only to threads; a process gets copies`);
    if ((retries ?? 0) > 0)
      throw new TypeError(
        `${api} cannot start a call anew whose arguments were transferred: retries must be 0`,
      );
  }
  return {
    retries: retries ?? defaults.retries,
    timeoutMs: timeout ?? defaults.timeoutMs,
    abandonOnCancel: abandonOnCancel ?? defaults.abandonOnCancel,
    transfer: transfer === undefined || transfer.length === 0 ? null : transfer,
  };
}
