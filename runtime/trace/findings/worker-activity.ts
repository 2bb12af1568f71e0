/**
 * When a pool's worker was at work, in bounded memory. Workers' records arrive thread by thread and
 * process by process, so what two of them did at the same time is known only when somebody asks.
 */

/** From a start up to an end, ns. */
export type BusyInterval = readonly [startNs: number, endNs: number];

/** A worker keeps so many intervals. With more, those that lie near each other become one. */
const MAX_INTERVALS = 4096;
/** A shorter gap between two chunks is the handing over, and counts as work. */
const MIN_GAP_NS = 1e5;

export class WorkerActivity {
  chunks = 0;
  /** Chunks that go on. */
  #open = 0;
  #starts: number[] = [];
  #ends: number[] = [];
  #minGapNs = MIN_GAP_NS;

  chunkBegan(t: number): void {
    this.chunks++;
    if (this.#open++ > 0) return;
    if (this.#ends.length > 0 && t - this.#ends.at(-1)! <= this.#minGapNs) {
      this.#ends.pop();
      return;
    }
    this.#starts.push(t);
    if (this.#starts.length > MAX_INTERVALS) this.#mergeNear();
  }

  chunkEnded(t: number): void {
    if (--this.#open === 0) this.#ends.push(t);
  }

  /** In the order of time. An interval that goes on ends at `nowNs`. */
  intervals(nowNs: number): readonly BusyInterval[] {
    return this.#starts.map((start, i) => [start, Math.max(start, this.#ends[i] ?? nowNs)] as const);
  }

  #mergeNear(): void {
    while (this.#starts.length > MAX_INTERVALS / 2) {
      this.#minGapNs *= 2;
      const [starts, ends] = [this.#starts, this.#ends];
      const kept = starts.map((start, i) => i === 0 || start - ends[i - 1]! > this.#minGapNs);
      this.#starts = starts.filter((_, i) => kept[i]);
      this.#ends = ends.filter((_, i) => kept[i + 1] ?? true);
    }
  }
}

/** The sum of the lengths, ns. */
export const totalNs = (intervals: readonly BusyInterval[]): number =>
  intervals.reduce((sum, [start, end]) => sum + end - start, 0);

/** What at least one of them covers. @param intervals in the order of their starts. */
export function unionOf(intervals: readonly BusyInterval[]): readonly BusyInterval[] {
  const union: [number, number][] = [];
  for (const [start, end] of intervals) {
    const last = union.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else union.push([start, end]);
  }
  return union;
}
