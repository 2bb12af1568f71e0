/**
 * The end of a grace period. An async function that stands at an `await` of something else than the
 * library goes on only when that is there; nothing can interrupt it. Whoever set a grace period
 * waits no longer: the task counts as cancelled, and its code may go on unseen.
 *
 * The period is real time, on the virtual clock, too: that stands still meanwhile.
 */
import { Listener } from './listener.ts';
import type { Future } from './future.ts';
import { builtIns } from './trace.ts';

/** @param future what was cancelled; of a combinator its members are abandoned. */
export function abandonAfter(future: Future, graceMs: number): void {
  if (future.isDone || graceMs === Infinity) return;
  const timer = builtIns.setTimeout(() => {
    listener.stop();
    future.abandon(graceMs);
  }, graceMs);
  const listener = new Listener(future, () => builtIns.clearTimeout(timer));
}
