/** The spans of a row around a moment, which a walk back in time asks for again and again. */
import type { Span, SpanSource } from '../model/spans.ts';
import { State } from '../model/state.ts';

/** Spans that begin in one nanosecond: more than ever do. */
const MAX_SIMULTANEOUS = 1000;
/** Between an await and what goes on after it: ready, run, ready again after a call's end. */
const MAX_SPANS_AFTER_AWAIT = 4;

export interface SpansAround {
  /** The last span that began before the moment. */
  readonly span: Span;
  /** The span after it; null: `span` goes on. */
  readonly next: Span | null;
}

/** Null: the row had not begun before `t`, or nothing is known of it. */
export function spansAround(source: SpanSource, row: number, t: number): SpansAround | null {
  const found = source.spans(row, t - 1, t + 1, MAX_SIMULTANEOUS);
  const index = found?.findLastIndex(({ startNs }) => startNs < t) ?? -1;
  if (found === null || index < 0) return null;
  const span = found[index]!;
  return { span, next: found[index + 1] ?? spanAfter(source, row, span) };
}

/** The site of the await after which the row does what it does in this span; −1: none is near. */
export function awaitBefore(source: SpanSource, row: number, { startNs }: Span): number {
  let t = startNs;
  for (let steps = 0; steps < MAX_SPANS_AFTER_AWAIT; steps++) {
    const before = spanBefore(source, row, t);
    if (before === null) return -1;
    if (before.state === State.wait) return before.ref;
    t = before.startNs;
  }
  return -1;
}

function spanBefore(source: SpanSource, row: number, t: number): Span | null {
  const found = source.spans(row, t - 1, t, MAX_SIMULTANEOUS);
  return found?.findLast(({ startNs }) => startNs < t) ?? null;
}

/** Null: there is none, for `span` goes on. */
function spanAfter(source: SpanSource, row: number, { startNs, endNs }: Span): Span | null {
  const found = source.spans(row, endNs, endNs + 1, MAX_SIMULTANEOUS);
  return found?.find((other) => other.startNs >= endNs && other.startNs > startNs) ?? null;
}
