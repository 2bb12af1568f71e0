/** Turns the u64 of a record into ns from the trace's start. */
import type { Trace } from '../model/trace.ts';

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
}
