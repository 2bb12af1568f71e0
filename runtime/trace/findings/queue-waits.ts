/**
 * Which waits are for an item of a queue: starved-consumers claims them, and never-settled leaves
 * them to it.
 */
import { REASON } from '../format/kinds.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';

/** The open queue for an item of which this row waits; −1: it does not. */
export function awaitedQueueOf(trace: Trace, row: number): number {
  const { frameOf, rowState, leaf, reason, target } = trace.tasks;
  if (frameOf[row]! >= 0 || rowState[row] !== State.wait) return -1;
  const waiting = leaf[row]!;
  if (reason[waiting] !== REASON['queue-get']) return -1;
  const queue = resourceOfTarget(target[waiting]!);
  return trace.resources[queue]?.endedNs === null ? queue : -1;
}
