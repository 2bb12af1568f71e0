/** For how long a lane executed tasks, within any interval. */

interface BusyStretch {
  readonly lane: number;
  readonly fromNs: number;
  readonly toNs: number;
}

interface LaneSums {
  readonly fromNs: number[];
  readonly toNs: number[];
  /** The time before each stretch. */
  readonly sumNs: number[];
}

/** Stretches with a shorter gap between them are one: a lane that changes hands is busy. */
const MAX_GAP_NS = 20_000;

export class LaneTimes {
  readonly #lanes = new Map<number, LaneSums>();

  /** @param stretches in the order of their beginning; those of a lane do not overlap */
  constructor(stretches: readonly BusyStretch[]) {
    for (const { lane, fromNs, toNs } of stretches) {
      let sums = this.#lanes.get(lane);
      if (sums === undefined) this.#lanes.set(lane, (sums = { fromNs: [], toNs: [], sumNs: [0] }));
      sums.fromNs.push(fromNs);
      sums.toNs.push(toNs);
      sums.sumNs.push(sums.sumNs.at(-1)! + toNs - fromNs);
    }
  }

  busyNs(lane: number, fromNs: number, toNs: number): number {
    return toNs <= fromNs ? 0 : this.#upTo(lane, toNs) - this.#upTo(lane, fromNs);
  }

  /** For how long the lane had been busy without a pause up to `t`. */
  busyBefore(lane: number, t: number): number {
    const sums = this.#lanes.get(lane);
    if (sums === undefined) return 0;
    let sinceNs = t;
    for (let i = this.#countBefore(sums, t) - 1; i >= 0; i--) {
      if (sinceNs - sums.toNs[i]! > MAX_GAP_NS) break;
      sinceNs = Math.min(sinceNs, sums.fromNs[i]!);
    }
    return t - sinceNs;
  }

  /** For how long the lane had done nothing up to `t`, after it was busy later than `sinceNs`. */
  idleBefore(lane: number, sinceNs: number, t: number): number {
    const sums = this.#lanes.get(lane);
    const last = sums === undefined ? -1 : this.#countBefore(sums, t) - 1;
    const endNs = last < 0 ? sinceNs : sums!.toNs[last]!;
    return endNs > sinceNs && endNs < t ? t - endNs : 0;
  }

  #upTo(lane: number, t: number): number {
    const sums = this.#lanes.get(lane);
    if (sums === undefined) return 0;
    const count = this.#countBefore(sums, t);
    if (count === 0) return 0;
    return sums.sumNs[count - 1]! + Math.min(t, sums.toNs[count - 1]!) - sums.fromNs[count - 1]!;
  }

  /** How many stretches began before `t`. */
  #countBefore({ fromNs }: LaneSums, t: number): number {
    let from = 0;
    let to = fromNs.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (fromNs[middle]! < t) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
