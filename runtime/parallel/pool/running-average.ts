/** How long calls of one kind took lately: an exponentially weighted average. */

/** How much the latest figure weighs. */
const WEIGHT = 0.25;

export class RunningAverage {
  /** Infinity: not known yet. */
  ms = Infinity;

  add(ms: number): void {
    this.ms = this.ms === Infinity ? ms : this.ms + WEIGHT * (ms - this.ms);
  }
}
