/**
 * What is known of stretches for which a lane was held: by samples of its stack, by calls that are
 * known to block, by the thread's own times. In the order in which they were recorded.
 */
import { HOLD } from '../format/kinds.ts';

export interface Hold {
  readonly lane: number;
  readonly sinceNs: number;
  readonly untilNs: number;
  /** Of `starved`: how much of the stretch. Of all others: its length. */
  readonly ns: number;
  /** Index in HOLDS. */
  readonly kind: number;
  /** The task that the lane executed; −1: not recorded. */
  readonly task: number;
  /** The deepest line of the program's; −1: not seen. */
  readonly site: number;
  /** The line where the lane came into the program; −1: the same, or not seen. */
  readonly from: number;
  /** What was called at `site` and had not come back: "RegExp.test"; '': `site` itself works. */
  readonly callee: string;
  /** The call gave up waiting. */
  readonly hasTimedOut: boolean;
}

export class Holds {
  readonly #all: Hold[] = [];

  get count(): number {
    return this.#all.length;
  }

  /** Samples of one line that follow one another are one. Called by the fold alone. */
  add(hold: Hold): void {
    const last = this.#all.at(-1);
    const isSame =
      last !== undefined &&
      hold.kind === HOLD.sampled &&
      last.kind === hold.kind &&
      last.lane === hold.lane &&
      last.task === hold.task &&
      last.site === hold.site &&
      last.from === hold.from &&
      last.callee === hold.callee &&
      hold.sinceNs <= last.untilNs;
    if (!isSame) this.#all.push(hold);
    else {
      const untilNs = Math.max(last.untilNs, hold.untilNs);
      this.#all[this.#all.length - 1] = { ...last, untilNs, ns: untilNs - last.sinceNs };
    }
  }

  /** Those of a lane that began between two times, or went on then. */
  within(lane: number, sinceNs: number, untilNs: number): Hold[] {
    return this.#all.filter((hold) => hold.lane === lane && hold.sinceNs < untilNs && hold.untilNs > sinceNs);
  }

  [Symbol.iterator](): Iterator<Hold> {
    return this.#all.values();
  }
}
