/**
 * How much time the agent may spend on stacks where the program makes something: one costs 10 µs in
 * a short program and some 100 in a service, below whose handlers thirty frames of packages stand.
 */
import { builtIns } from '../../../recorder/built-ins.ts';

/** What a program makes at its start is always known. */
const START_NS = 30e6;
/** Of the thread's time. */
const SHARE = 0.001;
const MAX_LEFT_NS = 5e6;
/** More than a stack takes: the thread had no processor meanwhile. */
const MAX_SPENT_NS = 1e6;

export class TimeBudget {
  readonly #now: () => number;
  #leftNs = START_NS;
  #refilledNs: number;
  #beganNs = 0;

  /** @param now a clock, in ns */
  constructor(now = () => Number(builtIns.now())) {
    this.#now = now;
    this.#refilledNs = now();
  }

  /** Begins to spend, until `end`; false: nothing is left now. */
  begin(): boolean {
    this.#beganNs = this.#now();
    if (this.#leftNs > 0) return true;
    const refillNs = (this.#beganNs - this.#refilledNs) * SHARE;
    this.#leftNs = builtIns.min(MAX_LEFT_NS, this.#leftNs + refillNs);
    this.#refilledNs = this.#beganNs;
    return this.#leftNs > 0;
  }

  end(): void {
    this.#leftNs -= builtIns.min(MAX_SPENT_NS, this.#now() - this.#beganNs);
  }
}
