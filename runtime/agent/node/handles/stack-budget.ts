/**
 * How often the agent may ask a stack where the program makes something. A stack costs some 10 µs:
 * at this rate at most 0.1 % of a thread's time, and what a program makes at its start is always
 * known.
 */
import { builtIns } from '../../../recorder/built-ins.ts';

const MAX_AT_START = 500;
const PER_SECOND = 100;
const SECOND_NS = 1_000_000_000n;

export class StackBudget {
  #left = MAX_AT_START;
  #refilledNs = builtIns.now();

  /** Takes one; false: there is none left now. */
  take(): boolean {
    if (this.#left === 0) {
      const nowNs = builtIns.now();
      if (nowNs - this.#refilledNs < SECOND_NS) return false;
      this.#refilledNs = nowNs;
      this.#left = PER_SECOND;
    }
    this.#left--;
    return true;
  }
}
