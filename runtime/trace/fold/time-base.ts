/**
 * Turns the u64 of a record into ns from the trace's start. A damaged time may be any number: what
 * lies before the start or beyond what a number holds exactly is no time. Within a lane time does
 * not go back. Both are counted as problems, and the record counts as simultaneous with the lane's
 * record before it.
 */
import { KIND, KIND_ROWS } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';

/** The latest time of a trace: 104 days, the ns that a double holds exactly. */
export const MAX_TIME_NS = Number.MAX_SAFE_INTEGER;

export const isWithin = (t: number): boolean => t >= 0 && t <= MAX_TIME_NS;

/** One bit a kind; of the kinds from 32 on, that of the kind 32 before, which is none of these. */
const maskOf = (...kinds: readonly number[]): number => kinds.reduce((mask, kind) => mask | (1 << kind), 0);
/** Kinds that tell of a time before they were written, or are written by the helper thread. */
const UNORDERED = maskOf(
  KIND.clock,
  KIND.step,
  KIND.held,
  KIND.lost,
  KIND.kept,
  KIND.times,
  // A job was asked for when the call was made, and has its name when the queue has answered.
  KIND.link,
);
/** Its time says nothing of when its lane's other records were written. */
export const isUnordered = (kind: number): boolean => ((UNORDERED >>> kind) & 1) === 1;
/** A stop may be told of when the lane has gone on: it then has no length left. */
const MAYBE_LATE = maskOf(KIND.pause, KIND.resume);

export class TimeBase {
  readonly #trace: Trace;
  #hasStart = false;
  #low = 0;
  #high = 0;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /**
   * The first time that is asked for becomes the trace's start. Exact: the difference of the halves
   * fits a double long before the time does.
   * @returns what may lie outside the trace: see `advance` and `boundedNs`
   */
  toNs(low: number, high: number): number {
    if (!this.#hasStart) {
      this.#hasStart = true;
      this.#low = low;
      this.#high = high;
      this.#trace.startNs = (BigInt(high) << 32n) + BigInt(low);
    }
    return (high - this.#high) * 2 ** 32 + (low - this.#low);
  }

  /** A time that no lane's clock bounds: at most `maxNs`; outside the trace it is 0. */
  boundedNs(low: number, high: number, maxNs: number): number {
    const t = this.toNs(low, high);
    return isWithin(t) ? Math.min(t, maxNs) : 0;
  }

  /** The time of a lane's record, not before the lane's last; the lane's time moves on to it. */
  advance(lane: number, t: number, kind: number): number {
    const { laneLastNs } = this.#trace;
    const lastNs = laneLastNs[lane]!;
    if (t >= lastNs && t <= MAX_TIME_NS) {
      if (((UNORDERED >>> kind) & 1) === 0) laneLastNs[lane] = t;
      return t;
    }
    return this.#goBack(lastNs, t, kind);
  }

  /** In a checkpoint a lane's records tell of the last of each task, and of nothing in between. */
  advanceUnordered(lane: number, t: number): number {
    if (!isWithin(t)) return this.#goBack(0, t, 0);
    const { laneLastNs } = this.#trace;
    if (t > laneLastNs[lane]!) laneLastNs[lane] = t;
    return t;
  }

  #goBack(lastNs: number, t: number, kind: number): number {
    const isTime = isWithin(t);
    if (isTime && (UNORDERED >>> kind) & 1) return t;
    if (isTime && (MAYBE_LATE >>> kind) & 1) return lastNs;
    this.#trace.addProblem(
      !isTime
        ? 'its time lies outside the trace'
        : `the time of this ${KIND_ROWS[kind - 1]!.name} is ${lastNs - t} ns before its lane's last`,
    );
    return lastNs;
  }
}
