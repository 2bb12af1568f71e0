/**
 * A look of a profiler tells of wall time: a thread that has no processor, or sleeps in a call of
 * the system's, looks as if it worked. No more is told than the system says that the thread ran.
 */
import type { ThreadTimes } from '../../../recorder/thread-times.ts';
import type { ProfilePlace } from './profile-places.ts';

/** What of the time that was seen counts: so much of that in native code, and of all other. */
export interface TimeShares {
  readonly native: number;
  readonly other: number;
}

/** @param during what the system says of the time that was seen; null: it says nothing */
export function timeSharesOf(places: readonly ProfilePlace[], during: ThreadTimes | null): TimeShares {
  let seenNs = 0;
  let nativeNs = 0;
  for (const { us, nativeUs } of places) {
    seenNs += us * 1e3;
    nativeNs += nativeUs * 1e3;
  }
  if (during === null || seenNs <= 0) return { native: 1, other: 1 };
  const { ranNs, delayedNs } = during;
  // A thread sleeps in native code alone.
  const sleptNs = Math.min(nativeNs, Math.max(0, seenNs - ranNs - delayedNs));
  const awake = nativeNs > 0 ? 1 - sleptNs / nativeNs : 1;
  const all = Math.min(1, Math.max(0, ranNs) / Math.max(1, seenNs - sleptNs));
  return { native: awake * all, other: all };
}

/** µs of a place that count. */
export const countedUs = ({ us, nativeUs }: ProfilePlace, { native, other }: TimeShares): number =>
  nativeUs * native + (us - nativeUs) * other;
