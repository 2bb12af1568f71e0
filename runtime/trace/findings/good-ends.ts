/** Whether a task that waits is missed: who waits for it, and how others of its kind ended. */
import { ACTIVATION_KIND, OUTCOME, numberSet } from '../format/kinds.ts';
import { resourceOfTarget, State, taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';

const OUTERMOST = numberSet(ACTIVATION_KIND, 'module', 'main');

/** It is a module's body, or the program's. */
export const isOutermost = ({ tasks }: Trace, task: number): boolean => OUTERMOST.has(tasks.kind[task]!);

/** Rows that this wait is for, members of a group included. */
export function awaitedBy(trace: Trace, { target }: Wait): number[] {
  const group = trace.groups.get(resourceOfTarget(target));
  const targets = group === undefined ? [target] : group.members;
  return targets
    .map(taskOfTarget)
    .filter((task) => task >= 0)
    .map((task) => trace.rowOf(task));
}

/** Rows for which others wait. */
export function awaitedRows(trace: Trace, open: readonly Wait[]): ReadonlySet<number> {
  return new Set(open.flatMap((wait) => awaitedBy(trace, wait)));
}

/** How the outermost tasks of a process came to their end. */
export interface GoodEnds {
  /** The last one that had waited, and ended without an error. */
  readonly lastNs: number;
  /** Functions of which a task ended without an error. */
  readonly functions: ReadonlySet<string>;
}

export function goodEndsOf(trace: Trace, process: number): GoodEnds {
  const { tasks } = trace;
  let lastNs = 0;
  const functions = new Set<string>();
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.process[row] !== process || tasks.frameOf[row]! >= 0) continue;
    if (tasks.state[row] !== State.ended || tasks.outcome[row] !== OUTCOME.ok) continue;
    functions.add(functionOf(trace, row));
    const parent = tasks.parent[row]!;
    const isOfNobody = isOutermost(trace, row) || parent < 0 || isOutermost(trace, parent);
    if (isOfNobody && tasks.waitNs[row]! > 0) lastNs = Math.max(lastNs, tasks.endedNs[row]!);
  }
  return { lastNs, functions };
}

export const functionOf = ({ tasks }: Trace, row: number): string => `${tasks.site[row]} ${tasks.name[row]}`;
