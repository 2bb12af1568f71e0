/**
 * A lane that is busy without a break. Each lane has one object, which is used again: periods begin
 * and end with every switch of a thread, and most are of no use.
 */
export interface BusyPeriod {
  /** The lane is busy: else this is left from a period before. */
  isOpen: boolean;
  /** The task on top of the lane now, and since when it is there. */
  top: number;
  topSinceNs: number;
  /** Site of the wait from which that task came back; −1: it had not waited yet. */
  topSite: number;
  /** How long the lane was stopped from outside while that task was on top. */
  stoppedNs: number;
  /** Since when the lane is stopped from outside; NaN: it is not. */
  stoppedSinceNs: number;
  /** The task that was on top longest at a time; −1: none yet. The same of it as of `top`. */
  longest: number;
  longestNs: number;
  longestSinceNs: number;
  longestUntilNs: number;
  longestSite: number;
}

export const newPeriod = (): BusyPeriod => ({
  isOpen: false,
  top: -1,
  topSinceNs: 0,
  topSite: -1,
  stoppedNs: 0,
  stoppedSinceNs: Number.NaN,
  longest: -1,
  longestNs: 0,
  longestSinceNs: 0,
  longestUntilNs: 0,
  longestSite: -1,
});

/** How much of a stop that goes on falls into the time of the task on top. */
export function openStopNs({ stoppedSinceNs, topSinceNs }: BusyPeriod, t: number): number {
  return Number.isNaN(stoppedSinceNs) ? 0 : Math.max(0, t - Math.max(stoppedSinceNs, topSinceNs));
}
