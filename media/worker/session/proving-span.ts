/**
 * Which span of a row proves a claim about an interval. At the interval's first moment there may be
 * a span of a few microseconds; what the claim is about is the one at
 * its line that takes most of its time, or else the one that does.
 */
import type { SpanPlace } from '../../messages.ts';
import { stateOf } from '../../../runtime/trace/columns/classes.ts';
import { State } from '../../../runtime/trace/model/state.ts';
import type { Session } from './session.ts';

/** An interval of more spans is looked at in its beginning alone. */
const MAX_SPANS = 10_000;

/** Index of the row's span with the largest part of the place's interval; −1: it has none. */
export function provingSpan({ columns, trace }: Session, row: number, place: SpanPlace): number {
  const { atNs, untilNs, site = -1 } = place;
  const { rows } = columns;
  const first = rows.at(row, atNs);
  let longest = first;
  let longestNs = 0;
  let isAtLine = false;
  const from = Math.max(0, first);
  const to = Math.min(rows.count(row), from + MAX_SPANS);
  for (let index = from; index < to; index++) {
    const { startNs, endNs, code, ref } = rows.span(row, index);
    if (startNs >= untilNs) break;
    // What has ended proves nothing of what went on.
    if (stateOf(code) === State.ended) break;
    const ns = Math.min(untilNs, endNs ?? columns.rowUntilNs(row)) - Math.max(atNs, startNs);
    const isThere = stateOf(code) === State.wait && isSameLine(trace, ref, site);
    if (isThere === isAtLine ? ns <= longestNs : isAtLine || ns <= 0) continue;
    longestNs = ns;
    longest = index;
    isAtLine = isThere;
  }
  return longest;
}

function isSameLine({ sites }: Session['trace'], a: number, b: number): boolean {
  const [one, other] = [sites[a], sites[b]];
  return one !== undefined && other !== undefined && one.line === other.line && one.file === other.file;
}
