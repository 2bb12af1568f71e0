/**
 * What the two ends of a worker send each other. Many values travel as flat arrays, because they
 * are cloned the fastest.
 */
import type { FunctionReference } from '../functions/function-reference.ts';
import type { InheritedLoaders } from '../functions/inherited-loaders.ts';
import type { NumberArray } from './number-array.ts';
import type { SerializedError } from './serialized-error.ts';
import type { SideMessage } from './side-channel.ts';

/** How a call's items become arguments. */
export const MODE = {
  /** One call, with all items as its arguments. */
  apply: 0,
  /** One call an item. */
  map: 1,
  /** One call an item, which is a list of arguments. */
  starmap: 2,
  /** One call with the whole chunk. */
  wholeChunk: 3,
} as const;
export type Mode = (typeof MODE)[keyof typeof MODE];
/** Added to a call's mode: the worker says when the call begins, after all answers before it. */
export const IS_TIMED = 4;

export type Items = readonly unknown[] | NumberArray | EncodedChunk;

/** Items in the form in which they are sent; a decoder in the worker (see `Calls`) makes them. */
export interface EncodedChunk {
  readonly length: number;
  readonly encoded: unknown;
}

/** What a decoder makes of an EncodedChunk. */
export interface DecodedChunk {
  /** The items, or for `wholeChunk` the one argument. */
  readonly items: readonly unknown[];
  /** Makes a result into what can be sent back, where it cannot be sent as it is. */
  readonly encodeResult?: (result: unknown) => unknown;
}

/**
 * Entries of a call in `calls` before its arguments: serial, number of the function, mode, and how
 * many entries follow.
 */
export const CALL_ENTRIES = 4;
/** Entries of a call in `traceContexts`: index of its first item, token, submitter, attempt. */
export const TRACE_CONTEXT_ENTRIES = 4;
/** Entries of an answer in `answers`: serial, outcome, result or error. */
export const ANSWER_ENTRIES = 3;
export const CALL_OUTCOME = { failed: 0, done: 1, skipped: 2 } as const;
export type CallOutcome = (typeof CALL_OUTCOME)[keyof typeof CALL_OUTCOME];

/** What a worker is started for. */
export interface WorkerInit {
  readonly kind: 'pool' | 'body';
  readonly name: string;
  /** The initializer of a pool, or the body itself. */
  readonly fn: FunctionReference | null;
  readonly args: readonly unknown[];
  /** The pool, thread or process in the trace of the parent's process; 0 untraced. */
  readonly resource: number;
  /** Of a body's link; 0 untraced and for a pool. */
  readonly token: number;
  /** The words of the CallClaims of a pool's thread; null for anything else. */
  readonly claims: Int32Array | null;
  /** Calls that a pool's worker has under way at once, while they wait. */
  readonly concurrency: number;
  /** Whether a pool's process has a CallJournal. */
  readonly hasJournal: boolean;
  /** Of the parent; together with it a token is unique. */
  readonly pid: number;
}

/** The first that a worker is told: a thread as its data, a process by a message. */
export interface WorkerStart {
  readonly init: WorkerInit;
  readonly loaders: InheritedLoaders | null;
}

/** Many values in a row. */
export type Batch = readonly unknown[] | Float64Array;

/**
 * From so many numbers on, a block of memory travels faster than an array: in a third of the time.
 * A small one takes ten µs more.
 */
const MIN_BLOCK_NUMBERS = 64;

/** @param areNumbers whether all values are numbers. */
export function toBatch(values: readonly unknown[], areNumbers: boolean): Batch {
  return areNumbers && values.length >= MIN_BLOCK_NUMBERS
    ? new Float64Array(values as readonly number[])
    : values;
}

/** Calls for a worker of a pool. */
export type Calls = readonly [
  /** For each call CALL_ENTRIES; then its arguments one by one, or its items as one entry. */
  calls: Batch,
  /**
   * Functions that the worker does not know yet: number, function, decoder of its items. One
   * without a function is not used any more.
   */
  functions: readonly (readonly [number, FunctionReference | null, FunctionReference | null])[] | null,
  /** For each call TRACE_CONTEXT_ENTRIES; null untraced. */
  traceContexts: readonly number[] | null,
];

/** For each answered call ANSWER_ENTRIES, and how long one of these calls took on average. */
export type Answers = readonly [answers: Batch, averageMs: number];

export type ToWorker = WorkerStart | { readonly close: true } | Calls;

export type FromWorker =
  | Answers
  | { readonly ready: true }
  | { readonly initializerError: SerializedError }
  /** A call with a limit of time begins. */
  | { readonly began: number }
  /** The end of a body: its result, or its SerializedError. */
  | { readonly returned: boolean; readonly value: unknown }
  /**
   * The last messages of a process: what it died of, and, without a journal, the serial of the call
   * that it started last. For a thread, Node and CallClaims tell these.
   */
  | { readonly uncaughtError: SerializedError }
  | { readonly lastStarted: number }
  /** What a call tells before its answer. */
  | SideMessage;

/** Whether the message is one of the flat ones. */
export function isBatch<M extends Calls | Answers>(message: M | object): message is M {
  return Array.isArray(message);
}
