/**
 * What the system said of each thread's time, at moments of the trace. Between two of them it is
 * not known when the thread ran.
 */
export interface ThreadTimesAt {
  readonly t: number;
  /** ns since the thread began. */
  readonly ranNs: number;
  /** ns for which it could have run, and another thread of the machine had the processor. */
  readonly delayedNs: number;
}

/** Of a lane with more, every other one is let go: what lies between adds up all the same. */
const MAX_A_LANE = 20_000;

export class ThreadTimesLog {
  readonly #lanes = new Map<number, ThreadTimesAt[]>();

  /** Called by the fold alone. What goes back is left out. */
  add(lane: number, times: ThreadTimesAt): void {
    const log = this.#lanes.get(lane);
    if (log === undefined) {
      this.#lanes.set(lane, [times]);
      return;
    }
    const last = log.at(-1)!;
    if (times.t < last.t || times.ranNs < last.ranNs || times.delayedNs < last.delayedNs) return;
    log.push(times);
    if (log.length > MAX_A_LANE) {
      const kept = log.filter((_, i) => i % 2 === 0 || i === log.length - 1);
      log.splice(0, log.length, ...kept);
    }
  }

  /** The oldest first; empty: the system says nothing. */
  timesOfLane(lane: number): readonly ThreadTimesAt[] {
    return this.#lanes.get(lane) ?? [];
  }
}
