/**
 * Which waits a cancel ended. The cancel of that very task was recorded while it waited, and then
 * either the canceller ended the wait, or the wait was over at once and no waker was recorded. A
 * task that cannot be interrupted waits on after a cancel: its wait ends otherwise, and nothing is
 * claimed.
 */
import type { Cancel } from './cancels.ts';
import type { Trace } from './trace.ts';
import type { Wait } from './wait.ts';

/**
 * An interrupted task comes back in the same turn of the loop, behind the canceller and the tasks
 * that were cancelled with it. The one place where nearness in time decides.
 */
const MAX_UNWIND_NS = 10e6;

/** The cancel that ended this wait; null: none did. */
export function cancelThatEnded(
  trace: Trace,
  { row, startNs, endNs, waker }: Pick<Wait, 'row' | 'startNs' | 'endNs' | 'waker'>,
): Cancel | null {
  if (endNs === null) return null;
  const cancels = trace.cancels.ofRow(row);
  for (let i = cancels.length - 1; i >= 0 && cancels[i]!.t >= startNs; i--) {
    const cancel = cancels[i]!;
    if (cancel.t > endNs) continue;
    const isByCanceller = waker >= 0 && cancel.by >= 0 && trace.rowOf(waker) === trace.rowOf(cancel.by);
    const hasNoWaker = waker < 0 || trace.rowOf(waker) === row;
    return isByCanceller || (hasNoWaker && endNs - cancel.t <= MAX_UNWIND_NS) ? cancel : null;
  }
  return null;
}
