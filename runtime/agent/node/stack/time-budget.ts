/**
 * How much time the agent may spend on stacks where the program makes something: one costs 10 µs in
 * a short program and some 100 in a service, below whose handlers thirty frames of packages stand.
 */
import { builtIns } from '../../../recorder/built-ins.ts';

/** What a program makes at its start is always known. */
const START_NS = 30e6;
/** Of the time that passes: a service that works for a tenth of it pays ten times this share. */
const SHARE = 0.0003;
const MAX_LEFT_NS = 5e6;
/** More than a stack takes: the thread had no processor meanwhile. */
const MAX_SPENT_NS = 1e6;
/** Once all is spent, it is asked again after this time of the wall clock, which costs less. */
const ASK_AGAIN_MS = 50;

export class TimeBudget {
  readonly #now: () => number;
  #leftNs = START_NS;
  #refilledNs: number;
  #beganNs = 0;
  #spentAtMs = 0;
  readonly #wallMs: () => number;

  /** @param now a clock, in ns. @param wallMs the wall clock, in ms */
  constructor(now = () => Number(builtIns.now()), wallMs: () => number = builtIns.wallMs) {
    this.#now = now;
    this.#wallMs = wallMs;
    this.#refilledNs = now();
  }

  /** Begins to spend, until `end`; false: nothing is left now. */
  begin(): boolean {
    if (this.#leftNs <= 0) {
      const sinceMs = this.#wallMs() - this.#spentAtMs;
      if (sinceMs >= 0 && sinceMs < ASK_AGAIN_MS) return false;
    }
    this.#beganNs = this.#now();
    if (this.#leftNs > 0) return true;
    const refillNs = (this.#beganNs - this.#refilledNs) * SHARE;
    this.#leftNs = builtIns.min(MAX_LEFT_NS, this.#leftNs + refillNs);
    this.#refilledNs = this.#beganNs;
    if (this.#leftNs <= 0) this.#spentAtMs = this.#wallMs();
    return this.#leftNs > 0;
  }

  /** Begins to spend whatever is left: what was begun is brought to its end. */
  beginAnyway(): void {
    this.#beganNs = this.#now();
  }

  end(): void {
    this.#leftNs -= builtIns.min(MAX_SPENT_NS, this.#now() - this.#beganNs);
  }
}
