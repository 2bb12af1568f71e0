/**
 * A Python process had nothing more to do, and its end waited for a call in a thread. Whoever
 * had asked for it had given it up by a time limit, or never wanted its result, and had ended long
 * before: a thread cannot be cancelled. Refuted by work that was meant to go on to the end.
 */
import { ACTIVATION_KIND, LANGUAGE, PROCESS_END } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import type { Process, Trace } from '../model/trace.ts';
import { duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { Finding } from './finding.ts';

const MIN_NS = 500e6;
const MIN_SHARE = 0.2;
/** What the interpreter takes to end after that. */
const MAX_LEFT_NS = 200e6;

/** @returns all but the rule's name; null: its end waited for no such call */
export function lateCall(trace: Trace, process: Process): Omit<Finding, 'rule'> | null {
  const { index, language, endKind, endNs } = process;
  if (language !== LANGUAGE.python || endKind !== PROCESS_END.exit || endNs === null) return null;
  if (trace.losses.hasAny(index)) return null;
  const { tasks } = trace;
  let last = -1;
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.process[row] !== index || tasks.kind[row] !== ACTIVATION_KIND.chunk) continue;
    if (tasks.rowState[row] !== State.ended || endNs - tasks.endedNs[row]! > MAX_LEFT_NS) continue;
    // What its caller awaits to the end is a part of the caller.
    const isOwn = tasks.frameOf[row]! < 0 && askerOf(trace, row) >= 0;
    if (isOwn && (last < 0 || tasks.endedNs[row]! > tasks.endedNs[last]!)) last = row;
  }
  if (last < 0) return null;
  const asker = askerOf(trace, last);
  const doneNs = tasks.endedNs[asker]!;
  const lateNs = tasks.endedNs[last]! - doneNs;
  if (lateNs < MIN_NS || lateNs < MIN_SHARE * (endNs - process.startNs)) return null;
  const madeAt = tasks.madeAt[last]!;
  const site = tasks.site[last]!;
  return {
    severity: 'warning',
    words: [
      taskPart(trace, last),
      ...(site >= 0 ? [' (', sitePart(trace, site), ')'] : []),
      ' went on in its thread for ',
      duration(lateNs),
      ' after ',
      taskPart(trace, asker),
      ', which had begun it',
      ...(madeAt >= 0 ? [' at ', sitePart(trace, madeAt)] : []),
      ', had ended without its result, and the end of the process waited for it. A thread cannot be ' +
        'cancelled: give the call a limit of its own, or a flag that it asks.',
    ],
    sites: [madeAt, site].filter((known) => known >= 0),
    tasks: [last, asker],
    t: doneNs,
    sinceNs: doneNs,
    gainNs: lateNs,
  };
}

/** The row that began a call and has ended; −1: it goes on, or is not known. */
function askerOf(trace: Trace, row: number): number {
  const parent = trace.tasks.parent[row]!;
  if (parent < 0) return -1;
  const asker = trace.rowOf(parent);
  return trace.tasks.rowState[asker] === State.ended ? asker : -1;
}
