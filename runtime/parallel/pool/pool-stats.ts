/** What a pool has done and what it has to do, as `pool.stats()` gives it. */

/**
 * The figures of a pool at a moment; a chunk of a `map` counts as a call. After `stats` of
 * workerpool.
 */
export interface PoolStats {
  /** Workers that there are, those that start or end included. */
  readonly workers: number;
  /** Workers that are ready and have no call. */
  readonly idleWorkers: number;
  /** Workers that were started so far. */
  readonly startedWorkers: number;
  /** Calls that wait for a worker. */
  readonly queuedCalls: number;
  /** Calls that a worker has and has not answered. */
  readonly assignedCalls: number;
  /** Calls whose function gave a result. */
  readonly doneCalls: number;
  /** Calls whose function failed. */
  readonly failedCalls: number;
  /** Calls without an end of their own: cancelled, stopped, or lost with their worker or pool. */
  readonly lostCalls: number;
  /** How long the workers took for the calls that they have answered, together, ms. */
  readonly runMs: number;
}

/** Counts calls by their ends. */
export class CallCounter {
  startedWorkers = 0;
  doneCalls = 0;
  failedCalls = 0;
  lostCalls = 0;
  runMs = 0;
}
