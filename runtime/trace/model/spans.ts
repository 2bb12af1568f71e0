/** Spans of rows as readers ask for them: what the words walk through. */
import type { Target } from './state.ts';

/** One span of a row. */
export interface Span {
  readonly startNs: number;
  readonly endNs: number;
  readonly state: number;
  /** Of a wait: index in REASONS; of an end: in OUTCOMES; of a pause: in PAUSES. */
  readonly reason: number;
  /** Of a wait: its site; of run and ready: the waker. −1: none recorded. */
  readonly ref: number;
  readonly target: Target;
}

/** Where spans can be looked up: the columns of the panel, or the span log of the command line. */
export interface SpanSource {
  /**
   * The row's spans that touch [fromNs, toNs), in order, not clipped.
   * @returns at most `limit` of them; null when there are more.
   */
  spans(row: number, fromNs: number, toNs: number, limit: number): readonly Span[] | null;
  /**
   * The rows that held the lane for `minNs` or more at a time, the longest total first. Null, or no
   * such method: not known.
   */
  holders?(lane: number, interval: Interval, minNs: number): readonly Holder[] | null;
}

/** Spans by their index in their row or lane: what a walk back in time steps through. */
export interface IndexedSpans {
  /** Index of the row's last span that began before `t`; −1: none did. */
  indexBefore(row: number, t: number): number;
  /** The row's span of this index; null: it has none. */
  spanAt(row: number, index: number): Span | null;
  /** Index of the lane's last span that began before `t`; −1: none did. */
  laneIndexBefore(lane: number, t: number): number;
  /** What the lane executed; null: it has no span of this index. */
  laneSpanAt(lane: number, index: number): LaneSpan | null;
}

/** A stretch for which one activation was on top of a lane. */
export interface LaneSpan {
  readonly startNs: number;
  readonly endNs: number;
  /** The activation; −1: none that was recorded. */
  readonly task: number;
  /** The lane was stopped from outside meanwhile. */
  readonly isPaused: boolean;
}

/** From `fromNs` up to, not including, `toNs`. */
export interface Interval {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface Holder {
  readonly row: number;
  readonly ns: number;
}
