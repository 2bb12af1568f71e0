/**
 * Which rows held a thread over an interval, from the thread's own spans: what the words ask about
 * waits that a timer or an event from outside should have ended earlier.
 */
import { laneNowOf } from '../model/known-until.ts';
import type { Holder, Interval } from '../model/spans.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { stateOf } from './classes.ts';
import type { Tracks } from './tracks.ts';

/** An interval with more spans was busy, but no single row's: it is not looked through. */
const MAX_SPANS = 10_000;

/**
 * Rows that were on top of the lane for `minNs` or more without a break, each with its time from
 * such runs within the interval.
 * @returns the longest total first; null: too many spans to look through
 */
export function laneHolders(
  trace: Trace,
  lanes: Tracks,
  lane: number,
  { fromNs, toNs }: Interval,
  minNs: number,
): readonly Holder[] | null {
  const count = lanes.count(lane);
  const first = Math.max(0, lanes.at(lane, fromNs));
  const byRow = new Map<number, number>();
  for (let i = first; i < count; i++) {
    if (i - first > MAX_SPANS) return null;
    const span = lanes.span(lane, i);
    if (span.startNs >= toNs) break;
    const ns =
      Math.min(toNs, span.endNs ?? laneNowOf(trace, trace.lanes[lane]!)) - Math.max(fromNs, span.startNs);
    if (stateOf(span.code) !== State.run || span.ref < 0 || ns < minNs) continue;
    const row = trace.rowOf(span.ref);
    byRow.set(row, (byRow.get(row) ?? 0) + ns);
  }
  return [...byRow].map(([row, ns]) => ({ row, ns })).sort((a, b) => b.ns - a.ns);
}
