/**
 * The spans around a moment of a row or a lane. A walk back in time asks for the next earlier
 * moment again and again: it steps from where it was, and looks further only where that is far.
 */
import type { LaneSpan, Span, IndexedSpans } from '../model/spans.ts';
import { State } from '../model/state.ts';

/** Between an await and what goes on after it: ready, run, ready again after a call's end. */
const MAX_SPANS_AFTER_AWAIT = 4;
/** Steps back before the index is looked up. */
const MAX_STEPS = 8;

export interface SpansAround {
  /** The last span that began before the moment. */
  readonly span: Span;
  /** The span after it; null: `span` goes on. */
  readonly next: Span | null;
  readonly index: number;
}

export class SpansBefore {
  readonly #source: IndexedSpans;
  readonly #rowIndexes = new Map<number, number>();
  readonly #laneIndexes = new Map<number, number>();

  constructor(source: IndexedSpans) {
    this.#source = source;
  }

  /** Null: the row had not begun before `t`, or nothing is known of it. */
  around(row: number, t: number): SpansAround | null {
    const source = this.#source;
    let index = this.#rowIndexes.get(row) ?? -1;
    let span = index < 0 ? null : source.spanAt(row, index);
    for (let steps = 0; span !== null && span.startNs >= t && steps < MAX_STEPS; steps++)
      span = source.spanAt(row, --index);
    // The walk goes back: a later span than the known one is asked for where it comes again.
    const isFound = span !== null && span.startNs < t && span.endNs >= t;
    if (!isFound) {
      index = source.indexBefore(row, t);
      span = source.spanAt(row, index);
    }
    if (span === null) return null;
    this.#rowIndexes.set(row, index);
    return { span, index, next: source.spanAt(row, index + 1) };
  }

  /** The site of the await after which the row does what it does in this span; −1: none is near. */
  awaitBefore(row: number, index: number): number {
    for (let back = 1; back <= MAX_SPANS_AFTER_AWAIT; back++) {
      const before = this.#source.spanAt(row, index - back);
      if (before === null) return -1;
      if (before.state === State.wait) return before.ref;
    }
    return -1;
  }

  /** What the lane executed before `t`, the newest first; the caller ends it. */
  *laneSpansBefore(lane: number, t: number): Generator<LaneSpan, void> {
    const source = this.#source;
    let index = this.#laneIndexes.get(lane) ?? -1;
    let span = index < 0 ? null : source.laneSpanAt(lane, index);
    for (let steps = 0; span !== null && span.startNs >= t && steps < MAX_STEPS; steps++)
      span = source.laneSpanAt(lane, --index);
    if (span === null || span.startNs >= t || span.endNs < t) {
      index = source.laneIndexBefore(lane, t);
      span = source.laneSpanAt(lane, index);
    }
    for (; span !== null; span = source.laneSpanAt(lane, --index)) {
      this.#laneIndexes.set(lane, index);
      yield span;
    }
  }
}
