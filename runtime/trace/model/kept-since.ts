/**
 * The other side of "known until": a recording near its size limit lets go of its oldest records.
 * Of the time before, only what still went on then is known: which tasks lived and what they waited
 * for, what was in the queues, who held the locks. Nothing is counted or claimed of it.
 */
import type { Trace } from './trace.ts';

export interface KeptSince {
  /** From here on all processes have their records. */
  readonly sinceNs: number;
  /** Records that were let go. */
  readonly records: number;
  /** Index in KEPT_REASONS. */
  readonly why: number;
  /** The recording's limit; 0: that was not why. */
  readonly limitBytes: number;
}

/** From when on the times of a task are counted. */
export const countedSince = (trace: Trace, task: number): number =>
  Math.max(trace.tasks.beganNs[task]!, trace.processes[trace.tasks.process[task]!]?.keptSinceNs ?? 0);

/** From when on what is counted of a process's task or resource counts; null: from its begin on. */
export function countedFrom(trace: Trace, process: number, beganNs: number): number | null {
  const sinceNs = trace.processes[process]?.keptSinceNs ?? 0;
  return beganNs < sinceNs ? sinceNs : null;
}
