/**
 * The waits that go on now, or went on when the program ended: what a program hangs on. First the
 * waits that only the program itself could end, then those for timers, I/O and signals, and last
 * those for other tasks, which only pass a wait on.
 */
import { awaitStackOf } from './await-stack.ts';
import { isRest } from './is-rest.ts';
import { State } from './state.ts';
import { settledReason } from './settled-reason.ts';
import type { Trace } from './trace.ts';
import { REASONS } from '../format/kinds.ts';
import { lossAfter, nowOf } from './known-until.ts';
import type { Wait } from './wait.ts';

/** A timer, the disk or the network may still answer these. */
const EXTERNAL_REASONS: ReadonlySet<string> = new Set(['timer', 'io', 'signal']);

/**
 * Without the rows of which it is unknown whether they still wait, and without those that rest:
 * nobody has to ask them again.
 */
export function openWaits(trace: Trace): readonly Wait[] {
  const waits: Wait[] = [];
  const { tasks } = trace;
  for (let row = 0; row < tasks.count; row++) {
    const wait = openWaitOf(trace, row);
    if (wait && !isRest(wait) && lossAfter(trace, row) === null) waits.push(wait);
  }
  const passesOn = new Map<number, boolean>();
  const rank = new Map(waits.map((wait) => [wait, rankOf(trace, wait, passesOn)]));
  return waits.sort((a, b) => rank.get(a)! - rank.get(b)! || openNs(trace, b) - openNs(trace, a));
}

/** Null: this is no row, or it does not wait. */
export function openWaitOf(trace: Trace, row: number): Wait | null {
  const { tasks } = trace;
  if (tasks.frameOf[row]! >= 0 || tasks.rowState[row] !== State.wait) return null;
  const leaf = tasks.leaf[row]!;
  return {
    row,
    startNs: tasks.rowSinceNs[row]!,
    endNs: null,
    gave: tasks.gave[leaf]!,
    reason: tasks.reason[leaf]!,
    target: tasks.target[leaf]!,
    site: tasks.waitSite[leaf]!,
    waker: -1,
    awaitStack: awaitStackOf(trace, leaf),
  };
}

export const openNs = (trace: Trace, wait: Wait): number =>
  Math.max(0, (wait.endNs ?? nowOf(trace, wait.row)) - wait.startNs);

/** @param passesOn by group: whether it waits for tasks; filled as it is asked for */
function rankOf(trace: Trace, { reason, target }: Wait, passesOn: Map<number, boolean>): number {
  if (target > 0) return 2;
  const group = trace.groups.get(-target - 1);
  if (group !== undefined) {
    let hasTasks = passesOn.get(target);
    if (hasTasks === undefined) passesOn.set(target, (hasTasks = group.members.some((member) => member > 0)));
    if (hasTasks) return 2;
  }
  return EXTERNAL_REASONS.has(REASONS[settledReason(trace, reason, -1, target)] ?? '') ? 1 : 0;
}
