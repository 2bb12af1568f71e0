/** What a pool sends to a worker: one call of a function, or one call for each item of a chunk. */
import type { Transferable } from '../transport/node-types.ts';
import type { Items, Mode } from '../transport/messages.ts';
import type { PooledFunction } from './pooled-function.ts';
import type { RunningAverage } from './running-average.ts';

/** Who asked for a call; it is told of the call's end once. */
export interface CallClient {
  done(call: Call, result: unknown): void;
  failed(call: Call, error: unknown): void;
}

/** How long a call may run, and what becomes of it and its worker when one of them ends early. */
export interface CallLimits {
  /** How often it may be started anew when its worker ends in the middle of it. */
  readonly retries: number;
  /** From when it begins, ms; Infinity: as long as it takes. */
  readonly timeoutMs: number;
  /** Its worker goes on with it when nobody wants its result any more. */
  readonly abandonOnCancel: boolean;
  /** What of its items goes to the worker for good; null: nothing. */
  readonly transfer: readonly Transferable[] | null;
}

const NO_ITEMS: Items = [];

export class Call {
  readonly client: CallClient;
  readonly fn: PooledFunction;
  readonly mode: Mode;
  items: Items;
  readonly limits: CallLimits;
  /** Of calls like this one. */
  average: RunningAverage;
  /** Of a chunk: its number in its map, and the index of its first item. */
  index = 0;
  first = 0;
  /** How often it was started before. */
  attempt = 0;
  /** How many workers ended when it was the next to start: its function cannot be loaded. */
  losses = 0;
  /** Its number in the worker that has it; 0 before one has it. */
  serial = 0;
  /** Ends the limit's timer; null: none goes on. */
  stopTimer: (() => void) | null = null;
  /** Nobody wants its result any more. */
  isAbandoned = false;
  /** About how large its items are, once a worker gets it. */
  bytes = 0;
  /** How long it was expected to take when a worker got it, ms. */
  costMs = 0;
  /** Traced: the task that asked for it, and the token of the link to the worker. */
  submitter = 0;
  token = 0;
  /** Traced: the activation that settles it; below 0: one that is not of this process. */
  settler = 0;

  constructor(client: CallClient, fn: PooledFunction, mode: Mode, items: Items, limits: CallLimits) {
    this.client = client;
    this.fn = fn;
    this.mode = mode;
    this.items = items;
    this.limits = limits;
    this.average = fn.average;
  }

  clearTimer(): void {
    this.stopTimer?.();
    this.stopTimer = null;
  }

  /** It is over: whoever keeps its result does not keep what it was given. */
  forgetItems(): void {
    this.items = NO_ITEMS;
  }

  /** Makes it one chunk of many, whose durations are averaged by themselves. @returns itself. */
  asChunk(index: number, first: number, average: RunningAverage): this {
    this.index = index;
    this.first = first;
    this.average = average;
    return this;
  }
}
