/**
 * What the picture shouts: the rows that the verdict is about, and those that stand in a deadlock.
 * All else is quiet. It repeats what the findings say and judges nothing itself.
 */
import type { Finding } from '../../../runtime/trace/findings/finding.ts';
import { deadlocks, waitForGraph, type WaitForSource } from '../../../runtime/trace/graph/wait-for.ts';
import { lifeOf } from '../../../runtime/trace/graph/end-of-run.ts';
import { openWaitOf } from '../../../runtime/trace/model/open-waits.ts';
import type { Interval } from '../../../runtime/trace/model/spans.ts';
import type { Trace } from '../../../runtime/trace/model/trace.ts';
import { isVerdict } from '../../../runtime/trace/queries/why.ts';

export interface Alarm extends Interval {
  /** `culprit`: the verdict is about it. `deadlock`: another finding says that nothing wakes it. */
  readonly kind: 'culprit' | 'deadlock';
  /** Nothing can end the row's wait. */
  readonly isDeadlock: boolean;
  /** What the finding tells goes on in a program that runs: `toNs` is as of the last findings. */
  readonly goesOn: boolean;
  /** The time of all that the finding tells, of which the row may be a part. */
  readonly whole: Interval;
}

/** Rules whose rows wait for what can never come. */
const DEADLOCK_RULES: ReadonlySet<string> = new Set(['deadlock', 'never-settled']);
/** A finding that names more rows is about all of the program: then its first ones stand for it. */
const MAX_ROWS = 64;

/**
 * By row.
 * @param shownTask the row that speaks for a row which is not shown
 */
export function alarmsOf(
  source: WaitForSource,
  findings: readonly Finding[],
  shownTask: (row: number) => number = (row) => row,
): ReadonlyMap<number, Alarm> {
  const { trace } = source;
  const alarms = new Map<number, Alarm>();
  const stuck = stuckRows(source);
  const verdict = findings.find(isVerdict);
  for (const finding of findings) {
    const isDeadlock = DEADLOCK_RULES.has(finding.rule);
    if (finding !== verdict && !isDeadlock) continue;
    const kind = finding === verdict ? 'culprit' : 'deadlock';
    for (const task of finding.tasks.slice(0, MAX_ROWS)) {
      const row = shownTask(trace.rowOf(task));
      if (alarms.has(row)) continue;
      const interval = intervalOf(trace, row, finding);
      const whole = { fromNs: finding.sinceNs ?? interval.fromNs, toNs: finding.t };
      const goesOn = !trace.isOver && interval.toNs >= trace.endNs;
      alarms.set(row, { kind, isDeadlock: isDeadlock || stuck.has(row), goesOn, ...interval, whole });
    }
  }
  for (const row of [...stuck].slice(0, MAX_ROWS)) {
    const wait = openWaitOf(trace, row);
    if (wait === null || alarms.has(row)) continue;
    const whole = { fromNs: wait.startNs, toNs: trace.endNs };
    alarms.set(row, { kind: 'deadlock', isDeadlock: true, goesOn: false, ...whole, whole });
  }
  return alarms;
}

/** Rows that stand in a cycle of waits when nothing more comes. */
function stuckRows(source: WaitForSource): ReadonlySet<number> {
  const { trace } = source;
  return new Set(trace.isOver ? deadlocks(waitForGraph(source, trace.endNs)).flat() : []);
}

/**
 * A finding about a wait that never ended is about all of that wait. One about several tasks, one
 * after another, tells the time of the first: of the others their whole life is meant. What came to
 * light at a moment after a row's end, as an error that nobody caught, is about that end.
 */
function intervalOf(trace: Trace, row: number, { t, sinceNs }: Finding): Interval {
  const wait = openWaitOf(trace, row);
  if (wait !== null && sinceNs === undefined && t >= wait.startNs) return { fromNs: wait.startNs, toNs: t };
  const life = lifeOf(trace, row);
  if (sinceNs === undefined && t > life.toNs) return { fromNs: life.toNs, toNs: life.toNs };
  const [fromNs, toNs] = [sinceNs ?? t, t];
  const within = { fromNs: Math.max(fromNs, life.fromNs), toNs: Math.min(toNs, life.toNs) };
  const isMoment = fromNs === toNs && within.fromNs === within.toNs;
  return within.fromNs < within.toNs || isMoment ? within : life;
}
