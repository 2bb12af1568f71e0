/**
 * What the picture shouts: the rows that the verdict is about, and those that stand in a deadlock.
 * All else is quiet. It repeats what the findings say and judges nothing itself.
 */
import type { Finding } from '../../../runtime/trace/findings/finding.ts';
import type { Interval } from '../../../runtime/trace/model/spans.ts';
import type { Trace } from '../../../runtime/trace/model/trace.ts';
import { isVerdict } from '../../../runtime/trace/queries/why.ts';

export interface Alarm extends Interval {
  /** `culprit`: the verdict is about it. `deadlock`: another finding says that nothing wakes it. */
  readonly kind: 'culprit' | 'deadlock';
  /** Nothing can end the row's wait. */
  readonly isDeadlock: boolean;
}

/** Rules whose rows wait for what can never come. */
const DEADLOCK_RULES: ReadonlySet<string> = new Set(['deadlock', 'never-settled']);
/** A finding that names more rows is about all of the program: then its first ones stand for it. */
const MAX_ROWS = 64;

/** By row. */
export function alarmsOf(trace: Trace, findings: readonly Finding[]): ReadonlyMap<number, Alarm> {
  const alarms = new Map<number, Alarm>();
  const verdict = findings.find(isVerdict);
  for (const finding of findings) {
    const isDeadlock = DEADLOCK_RULES.has(finding.rule);
    if (finding !== verdict && !isDeadlock) continue;
    const kind = finding === verdict ? 'culprit' : 'deadlock';
    const { t, sinceNs, tasks } = finding;
    for (const task of tasks.slice(0, MAX_ROWS)) {
      const row = trace.rowOf(task);
      if (!alarms.has(row)) alarms.set(row, { kind, isDeadlock, fromNs: sinceNs ?? t, toNs: t });
    }
  }
  return alarms;
}
