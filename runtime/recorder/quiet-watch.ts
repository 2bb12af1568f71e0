/**
 * When the helper thread asks the main thread what keeps the process alive: after a second without
 * a record, and once more after two, since something may have happened while the first answer was
 * on its way. A program that does little and never stops is asked after a second, then ever more
 * seldom. The answer itself is no sign of life.
 */
const QUIET_NS = 1_000_000_000n;
const MAX_ASKS = 2;
/** Records that come so soon after a question belong to its answer. */
const ANSWER_NS = 200_000_000n;
const MAX_GAP_NS = 64n * QUIET_NS;

export class QuietWatch {
  readonly #busyRecords: number;
  #silentSinceNs: bigint;
  #askedTimes = 0;
  #answeredByNs = 0n;
  #gapNs = QUIET_NS;
  #nextLookNs: bigint;

  /** @param busyRecords a round with more of them is no quiet time */
  constructor(nowNs: bigint, busyRecords: number) {
    this.#silentSinceNs = nowNs;
    this.#nextLookNs = nowNs + QUIET_NS;
    this.#busyRecords = busyRecords;
  }

  /** A round moved so many records. @returns whether to ask now */
  shouldAsk(moved: number, nowNs: bigint): boolean {
    if (moved > this.#busyRecords) {
      this.#gapNs = QUIET_NS;
      this.#nextLookNs = nowNs + QUIET_NS;
    }
    if (moved > 0 && nowNs >= this.#answeredByNs) {
      if (this.#askedTimes > 0) this.#nextLookNs = nowNs + this.#gapNs;
      this.#silentSinceNs = nowNs;
      this.#askedTimes = 0;
    }
    const isSilent = this.#askedTimes < MAX_ASKS && nowNs >= this.nextNs();
    const isDue = this.#askedTimes === 0 && nowNs >= this.#nextLookNs;
    if (!isSilent && !isDue) return false;
    if (isSilent) this.#askedTimes++;
    if (isDue) {
      this.#gapNs = this.#gapNs < MAX_GAP_NS ? this.#gapNs * 2n : MAX_GAP_NS;
      this.#nextLookNs = nowNs + this.#gapNs;
    }
    this.#answeredByNs = nowNs + ANSWER_NS;
    return true;
  }

  /** When it will have been silent for long enough, ns; it may be long ago. */
  nextNs(): bigint {
    return this.#silentSinceNs + BigInt(this.#askedTimes + 1) * QUIET_NS;
  }

  /** It has nothing more to ask until something happens. */
  isDone(): boolean {
    return this.#askedTimes >= MAX_ASKS;
  }
}
