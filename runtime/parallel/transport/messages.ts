/** What the two ends of a worker say to each other. Flat arrays where there are many: they are cloned the fastest. */
import type { FunctionReference } from '../functions/function-reference.ts';
import type { CarriedError } from './cloneable.ts';

/** How a job's items become arguments: all of them at once, one call an item, one an item with its list of arguments, or one call with the whole chunk. */
export const APPLY = 0;
export const MAP = 1;
export const STARMAP = 2;
export const WHOLE_CHUNK = 3;
export type Mode = typeof APPLY | typeof MAP | typeof STARMAP | typeof WHOLE_CHUNK;

/** Numbers that lie side by side in memory. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;
export type Items = readonly unknown[] | NumberArray | EncodedChunk;

/** Items that an decoder (see `Jobs`) makes of what is sent. */
export interface EncodedChunk {
  readonly length: number;
  readonly packed: unknown;
}

/** What an decoder makes: the items, or for WHOLE the one argument; and how results travel back, where they cannot as they are. */
export interface Decoded {
  readonly items: readonly unknown[];
  readonly pack?: (result: unknown) => unknown;
}

/** Entries of a job in `jobs` before what it is called with: serial, number of the function, mode, and how many entries follow. */
export const CALL_ENTRIES = 4;
/** Entries of a job in `marks`: index of its first item, token of its link, submitter, attempt. */
export const MARK_ENTRIES = 4;
/** Entries of an answer in `done`: serial, how it ended, result or error. */
export const ANSWER_ENTRIES = 3;
export const CALL_OUTCOME = { failed: 0, done: 1, skipped: 2 } as const;
export type CallOutcome = (typeof CALL_OUTCOME)[keyof typeof CALL_OUTCOME];

/** What a worker is made for. */
export interface WorkerInit {
  readonly kind: 'pool' | 'body';
  readonly name: string;
  /** The initializer, or the body itself. */
  readonly fn: FunctionReference | null;
  readonly args: readonly unknown[];
  /** The pool, thread or process in the trace of the parent's process, or 0; and the link's token. */
  readonly resource: number;
  readonly token: number;
  /** Between threads: the words of `Claims`. */
  readonly claims: Int32Array | null;
  /** The pid of the parent, which tokens are told apart by. */
  readonly pid: number;
}

/** Many values in a row. */
export type Batch = readonly unknown[] | Float64Array;

/** From so many numbers on a block of memory travels faster than an array: in a third of the time. A small one takes ten µs more. */
const MIN_BLOCK_NUMBERS = 64;

/** @param numbers whether nothing else is in it. */
export function toBatch(values: readonly unknown[], numbers: boolean): Batch {
  return numbers && values.length >= MIN_BLOCK_NUMBERS
    ? new Float64Array(values as readonly number[])
    : values;
}

/**
 * Jobs for a worker of a pool: of each `JOB_ENTRIES`, then its arguments one by one, or the items of a chunk as one entry; functions that the
 * worker does not know yet, each with the decoder of its items, where they come packed; of each job `MARK_ENTRIES` where there is a trace.
 */
export type Calls = readonly [
  jobs: Batch,
  fns: readonly (readonly [number, FunctionReference, FunctionReference | null])[] | null,
  marks: readonly number[] | null,
];

/** Of each job `DONE_ENTRIES`; and how long one took, ms. */
export type Answers = readonly [done: Batch, ms: number];

export type ToWorker = { readonly begin: WorkerInit } | { readonly close: true } | Calls;

export type FromWorker =
  | Answers
  | { readonly ready: true }
  | { readonly broken: CarriedError }
  | { readonly ended: boolean; readonly value: unknown }
  /** A process's last words; of a thread Node tells, and `Claims`: what it died of, and the serial of the job that it began last. */
  | { readonly died: CarriedError }
  | { readonly begun: number };

export function isBatch<M extends Calls | Answers>(message: M | object): message is M {
  return Array.isArray(message);
}
