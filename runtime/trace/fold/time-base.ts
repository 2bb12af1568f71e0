/**
 * Turns the u64 of a record into ns from the trace's start. A damaged time may be any number: what
 * lies before the start or beyond what a number holds exactly is no time. Within a lane time does
 * not go back. Both are counted as problems, and the record counts as simultaneous with the lane's
 * record before it.
 */
import { KIND, KIND_ROWS } from '../format/kinds.ts';
import type { Lane, Trace } from '../model/trace.ts';

/** The latest time of a trace: 104 days, the ns that a double holds exactly. */
export const MAX_TIME_NS = Number.MAX_SAFE_INTEGER;

const tableOf = (...kinds: readonly number[]): readonly boolean[] =>
  Array.from({ length: 256 }, (_, kind) => kinds.includes(kind));
/** Kinds that tell of a time before they were written, or are written by the helper thread. */
const IS_UNORDERED = tableOf(KIND.clock, KIND.step, KIND.held, KIND.lost);
/** A stop may be told of when the lane has gone on: it then has no length left. */
const MAY_BE_LATE = tableOf(KIND.pause, KIND.resume);

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
   * @returns −1: it is no time of this trace
   */
  toNs(low: number, high: number): number {
    if (!this.#hasStart) {
      this.#hasStart = true;
      this.#low = low;
      this.#high = high;
      this.#trace.startNs = (BigInt(high) << 32n) + BigInt(low);
    }
    const t = (high - this.#high) * 2 ** 32 + (low - this.#low);
    return t >= 0 && t <= MAX_TIME_NS ? t : -1;
  }

  /** The time of a lane's record, not before the lane's last; the lane's time moves on to it. */
  advance(lane: Lane, t: number, kind: number): number {
    if (IS_UNORDERED[kind]! && t >= 0) return t;
    if (t >= lane.lastNs) {
      lane.lastNs = t;
      return t;
    }
    if (MAY_BE_LATE[kind]! && t >= 0) return lane.lastNs;
    this.#trace.addProblem(
      t < 0
        ? 'its time lies outside the trace'
        : `the time of this ${KIND_ROWS[kind - 1]!.name} is ${lane.lastNs - t} ns before its lane's last`,
    );
    return lane.lastNs;
  }
}
