/** From when on is counted what a task did, where the beginning of a recording was let go. */
import type { Trace } from './trace.ts';

/** From when on the times of a task are counted. */
export const countedSince = (trace: Trace, task: number): number =>
  Math.max(trace.tasks.beganNs[task]!, trace.processes[trace.tasks.process[task]!]?.keptSinceNs ?? 0);

/** From when on what is counted of a process's task or resource counts; null: from its begin on. */
export function countedFrom(trace: Trace, process: number, beganNs: number): number | null {
  const sinceNs = trace.processes[process]?.keptSinceNs ?? 0;
  return beganNs < sinceNs ? sinceNs : null;
}
