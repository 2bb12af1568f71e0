/**
 * Which span of a row proves a claim about an interval. At the interval's first moment there may be
 * a span of a few microseconds; what the claim is about is the one that takes most of its time.
 */
import type { SpanPlace } from '../../messages.ts';
import type { Session } from './session.ts';

/** An interval of more spans is looked at in its beginning alone. */
const MAX_SPANS = 10_000;

/** Index of the row's span with the largest part of the place's interval; −1: it has none. */
export function provingSpan({ columns }: Session, row: number, { atNs, untilNs }: SpanPlace): number {
  const { rows } = columns;
  const first = rows.at(row, atNs);
  let longest = first;
  let longestNs = 0;
  const from = Math.max(0, first);
  const to = Math.min(rows.count(row), from + MAX_SPANS);
  for (let index = from; index < to; index++) {
    const { startNs, endNs } = rows.span(row, index);
    if (startNs >= untilNs) break;
    const ns = Math.min(untilNs, endNs ?? columns.rowUntilNs(row)) - Math.max(atNs, startNs);
    if (ns <= longestNs) continue;
    longestNs = ns;
    longest = index;
  }
  return longest;
}
