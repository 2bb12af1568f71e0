/** Where the path of a whole run, or of all that a row did, ends. */
import { nowOf } from '../model/known-until.ts';
import { openWaits } from '../model/open-waits.ts';
import type { Interval } from '../model/spans.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';

/** A run that ended after so much of its time in which no task did anything stood still. */
const MIN_STILL_SHARE = 0.1;

export interface RowInterval extends Interval {
  readonly row: number;
}

/**
 * The row that did something last, from the first process's start to the end. Where tasks still
 * wait and nothing happened for long, the first of the open waits: the run stands on it. Null: no
 * task was recorded.
 */
export function wholeRun(trace: Trace): RowInterval | null {
  const { tasks, processes } = trace;
  let last = -1;
  let lastNs = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.frameOf[row]! >= 0) continue;
    const sinceNs = tasks.rowSinceNs[row]!;
    const t = tasks.rowState[row] === State.run ? nowOf(trace, row) : sinceNs;
    if (t >= lastNs) [last, lastNs] = [row, t];
  }
  if (last < 0) return null;
  const fromNs = Math.max(trace.kept?.sinceNs ?? 0, firstStart(processes));
  const toNs = Math.max(trace.endNs, fromNs);
  const [open] = toNs - lastNs > MIN_STILL_SHARE * (toNs - fromNs) ? openWaits(trace) : [];
  return { row: open?.row ?? last, fromNs, toNs };
}

const firstStart = (processes: Trace['processes']): number =>
  processes.reduce((first, { startNs }) => Math.min(first, startNs), Number.POSITIVE_INFINITY);

/** From a row's begin to its end, or to what is known of it. */
export function lifeOf(trace: Trace, row: number): RowInterval {
  const { beganNs, endedNs, process } = trace.tasks;
  const fromNs = Math.max(beganNs[row]!, trace.processes[process[row]!]?.keptSinceNs ?? 0);
  const endNs = endedNs[row]!;
  const untilNs = Number.isNaN(endNs) ? nowOf(trace, row) : endNs;
  return { row, fromNs, toNs: Math.max(fromNs, untilNs) };
}
