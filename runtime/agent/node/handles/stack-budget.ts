/**
 * How often the agent may ask a stack where the program makes something. A stack costs some 10 µs:
 * at this rate at most 0.1 % of a thread's time, and what a program makes at its start is always
 * known.
 */
import { builtIns } from '../../../recorder/built-ins.ts';

const SECOND_NS = 1_000_000_000n;

export class StackBudget {
  readonly #perSecond: number;
  #left: number;
  #refilledNs = builtIns.now();

  constructor(atStart = 500, perSecond = 100) {
    this.#left = atStart;
    this.#perSecond = perSecond;
  }

  /** Takes one; false: there is none left now. */
  take(): boolean {
    if (this.#left === 0) {
      const nowNs = builtIns.now();
      if (nowNs - this.#refilledNs < SECOND_NS) return false;
      this.#refilledNs = nowNs;
      this.#left = this.#perSecond;
    }
    this.#left--;
    return true;
  }
}
