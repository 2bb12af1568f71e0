/** What a pool hands to a worker: one call of a function, or one call for each of some items. */
import { REASON } from '../../trace/format/kinds.ts';
import { Future } from '../../tasks/core/future.ts';

import type { FunctionReference } from '../functions/function-reference.ts';
import type { Items, Mode } from '../transport/messages.ts';

/** How long a job of its sort took lately, ms; Infinity: that is not known yet. */
export interface AverageMs {
  ms: number;
}

/** A function as a pool knows it. */
export interface PooledFunction {
  readonly number: number;
  readonly name: FunctionReference;
  /** As messages and the trace call it. */
  readonly label: string;
  /** Makes its items in the worker, where they come packed. */
  readonly decoder: FunctionReference | null;
  /** Of single calls of it. */
  readonly average: AverageMs;
}

/** Who asked for a job, and hears of its end once. */
export interface CallClient {
  done(job: Call, result: unknown): void;
  failed(job: Call, error: unknown): void;
}

export class Call {
  readonly client: CallClient;
  readonly fn: PooledFunction;
  readonly mode: Mode;
  readonly items: Items;
  readonly pace: AverageMs;
  /** Of a call with many jobs: which one this is, and the index of its first item. */
  readonly index: number;
  readonly first: number;
  /** How often it may be begun anew when its worker dies of it, or with it. */
  readonly retries: number;
  attempt = 0;
  /** Nobody wants its result any more. */
  dropped = false;
  /** What it was reckoned to take when a worker got it, ms. */
  costMs = 0;
  /** Traced: the task that asked, and the token of the link to the worker. */
  submitter = 0;
  token = 0;
  /** Traced: who did it; below 0: not of this process. */
  by = 0;

  constructor(
    asker: CallClient,
    fn: PooledFunction,
    mode: Mode,
    items: Items,
    pace: AverageMs,
    index: number,
    first: number,
    retries: number,
  ) {
    this.client = asker;
    this.fn = fn;
    this.mode = mode;
    this.items = items;
    this.pace = pace;
    this.index = index;
    this.first = first;
    this.retries = retries;
  }
}

const WAITS_FOR_POOL = REASON.pool;

/** A result that workers of a pool will give. */
export class PoolFuture<T> extends Future<T> {
  /** The pool's id in the trace, or 0. */
  readonly #pool: number;
  constructor(pool: number) {
    super();
    this.#pool = pool;
  }
  override waitReason(): number {
    return WAITS_FOR_POOL;
  }
  override waitTarget(): number {
    return this.#pool;
  }
  override describe(): string {
    return 'the result of a pool';
  }
}
