/**
 * Which waits a cancel ended. It is no guess from afar: the cancel of that very task was recorded while it waited, and then either whoever
 * cancelled ended the wait, or the wait was over at once and nobody else was recorded for it. A task that cannot be interrupted waits on
 * after a cancel; that wait ends otherwise, and nothing is said.
 */
import type { Trace } from './trace.ts';

/** What is interrupted comes back in the same turn of the loop; the canceller and those that were cancelled with it go before. */
const MAX_UNWIND_NS = 10e6;

export interface Cancel {
  readonly t: number;
  /** Who asked; −1: not recorded, a timer or the world. */
  readonly by: number;
}

/** A wait as far as this looks at it. */
interface EndedWait {
  readonly row: number;
  readonly startNs: number;
  /** Null: it goes on. */
  readonly endNs: number | null;
  readonly waker: number;
}

export class Cancels {
  /** By the row that was asked to stop, in the order of their times. */
  readonly #of = new Map<number, Cancel[]>();

  add(row: number, cancel: Cancel): void {
    const its = this.#of.get(row);
    if (its) its.push(cancel);
    else this.#of.set(row, [cancel]);
  }

  /** The row is another's from now on, and what was asked of it with it. */
  absorb(task: number, into: number): void {
    const its = this.#of.get(task);
    if (its === undefined || task === into) return;
    this.#of.delete(task);
    this.#of.set(
      into,
      [...(this.#of.get(into) ?? []), ...its].sort((a, b) => a.t - b.t),
    );
  }

  /** The cancel that ended this wait; null: none did. */
  cancelThatEnded(trace: Trace, { row, startNs, endNs, waker }: EndedWait): Cancel | null {
    const its = this.#of.get(row);
    if (its === undefined || endNs === null) return null;
    for (let i = its.length - 1; i >= 0 && its[i]!.t >= startNs; i--) {
      const cancel = its[i]!;
      if (cancel.t > endNs) continue;
      const isBy = waker >= 0 && cancel.by >= 0 && trace.rowOf(waker) === trace.rowOf(cancel.by);
      const isUnsaid = waker < 0 || trace.rowOf(waker) === row;
      return isBy || (isUnsaid && endNs - cancel.t <= MAX_UNWIND_NS) ? cancel : null;
    }
    return null;
  }
}
