/** Who kept a thread over an interval, from the thread's own spans: what the words want to know of waits that the world should have ended earlier. */
import { State } from '../fold/observer.ts';
import type { Trace } from '../model/trace.ts';
import type { Holder } from '../words/explain.ts';
import { stateOf } from './classes.ts';
import type { Tracks } from './tracks.ts';

/** An interval with more spans than these was a busy one, but nobody's: it is not looked through. */
const MAX_SPANS = 10_000;

/**
 * Rows that were on top of the lane for `leastNs` or more without a break, each with its time from such runs within [fromNs, toNs).
 * @returns the one that had most first; null: too many spans to look through
 */
export function laneHolders(
  trace: Trace,
  lanes: Tracks,
  lane: number,
  fromNs: number,
  toNs: number,
  leastNs: number,
): readonly Holder[] | null {
  const count = lanes.count(lane);
  const first = Math.max(0, lanes.at(lane, fromNs));
  const byRow = new Map<number, number>();
  for (let i = first; i < count; i++) {
    if (i - first > MAX_SPANS) return null;
    const span = lanes.span(lane, i);
    if (span.startNs >= toNs) break;
    const ns = Math.min(toNs, span.endNs ?? trace.endNs) - Math.max(fromNs, span.startNs);
    if (stateOf(span.code) !== State.run || span.ref < 0 || ns < leastNs) continue;
    const row = trace.rowOf(span.ref);
    byRow.set(row, (byRow.get(row) ?? 0) + ns);
  }
  return [...byRow].map(([row, ns]) => ({ row, ns })).sort((a, b) => b.ns - a.ns);
}
