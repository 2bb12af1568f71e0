/** What a pool and its calls can be asked for, and what they refuse. */
import { describeValue } from '../../tasks/core/describe-value.ts';
import type { AnyFunction } from '../functions/function-reference.ts';

/** How many workers, of which kind, and what they begin with. */
export interface PoolOptions {
  /** How many workers; without it `cpuCount()`. */
  readonly size?: number;
  /** `threads` (the default) share memory and start in some 15 ms; `processes` are apart, and each has a heap of its own. */
  readonly kind?: 'threads' | 'processes';
  /** Jobs (calls, or chunks) that a worker does before a new one takes its place; without it workers stay. */
  readonly maxTasksPerWorker?: number;
  /** Called in each worker before its first job. When it throws, the pool is broken: every call fails with WorkerError, whose `cause` is that error. */
  readonly initializer?: AnyFunction;
  /** What the initializer is called with. */
  readonly initArgs?: readonly unknown[];
  /** How the trace and messages call it. */
  readonly name?: string;
}

/** How long a call is wanted, and what becomes of it when its worker ends. */
export interface CallOptions {
  /** Aborted: the call fails with the signal's reason. What no worker has begun never begins; what runs ends unheard. */
  readonly signal?: AbortSignal;
  /** How often a job is begun anew when its worker ends in the middle of it (never after an error of the function's own). 0 without it. */
  readonly retries?: number;
}

/** How the items of a `map` are cut, and who hears of its progress. */
export interface MapOptions extends CallOptions {
  /** Items a job has; without it ⌈items / 4 size⌉. */
  readonly chunkSize?: number;
  /** Called after each chunk, with the items that are done and all of them. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Who is called with the end of an asynchronous call. */
export interface Callbacks<R> {
  /** Called with the result, in the order in which results come. What it throws becomes a warning. */
  readonly callback?: (result: R) => void;
  /** Called with the error. */
  readonly errorCallback?: (error: unknown) => void;
}

/** How far ahead of the results the items of an `imap` are taken. */
export interface ImapOptions {
  /** Items a job has: 1 without it, as in Python. */
  readonly chunkSize?: number;
  /** Chunks that are taken from the items before their results are: 128, or 8 a worker, without it. */
  readonly ahead?: number;
  /** How often a chunk is begun anew when its worker ends in the middle of it. 0 without it. */
  readonly retries?: number;
}

/** The options of each, as `checkOptions` wants them. */
export const OPTIONS = {
  pool: ['size', 'kind', 'maxTasksPerWorker', 'initializer', 'initArgs', 'name'],
  call: ['signal', 'retries'],
  map: ['signal', 'retries', 'chunkSize', 'onProgress'],
  imap: ['chunkSize', 'ahead', 'retries'],
  callbacks: ['callback', 'errorCallback'],
} as const;

/** @throws TypeError for what is no number, else RangeError, naming the option. */
export function positiveInteger(value: number, who: string, option: string, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  const Class = typeof value === 'number' ? RangeError : TypeError;
  throw new Class(`${who} needs a whole number from ${least} up for ${option}, not ${describeValue(value)}`);
}

/** @throws TypeError for what is no AbortSignal. */
export function checkSignal({ signal }: CallOptions, who: string): void {
  // By what it does: it may be of another realm.
  if (signal !== undefined && typeof (signal as AbortSignal | null)?.addEventListener !== 'function')
    throw new TypeError(`${who} needs an AbortSignal for signal, not ${describeValue(signal)}`);
}

export function retriesOf({ retries = 0 }: { readonly retries?: number }, who: string): number {
  return positiveInteger(retries, who, 'retries', 0);
}
