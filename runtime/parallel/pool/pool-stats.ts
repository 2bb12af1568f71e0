/** What a pool has done and what it has to do, as `pool.stats()` and `console.log` give it. */
import { showResource } from '../../sync/resource.ts';

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

/** A pool as `console.log` shows it: `Pool "squares" (2 of 4 threads, 3 calls)`. */
export function showPool(
  name: string,
  { kind, size, workers }: { kind: string; size: number; workers: { state: string; stats(): PoolStats } },
): string {
  const stats = workers.stats();
  const calls = stats.assignedCalls + stats.queuedCalls;
  return showResource('Pool', name, [
    `${stats.workers} of ${size} ${kind}`,
    calls === 0 ? 'no call' : `${calls} ${calls === 1 ? 'call' : 'calls'}`,
    workers.state === 'open' ? '' : workers.state,
  ]);
}

/** Counts calls by their ends. */
export class CallCounter {
  startedWorkers = 0;
  doneCalls = 0;
  failedCalls = 0;
  lostCalls = 0;
  runMs = 0;
}
