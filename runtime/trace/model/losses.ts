/**
 * Which records are missing, and what follows for what is known. A full ring loses records of one
 * lane for a while. Where nothing more could be written (the size limit, the disk, a permission),
 * all is unknown from then on. A hole in a file may have been of any lane of the process.
 */
import { LOSS, LOSSES, numberSet } from '../format/kinds.ts';

/** Records that are missing. Not lent: it may be kept. */
export interface Loss {
  readonly process: number;
  /** −1: of the whole process. */
  readonly lane: number;
  /** Index in LOSSES. */
  readonly where: number;
  readonly sinceNs: number;
  readonly untilNs: number;
  readonly count: number;
}

/** Nothing more was written after these. */
const STOPS = numberSet(LOSS, 'limit', 'disk', 'permission');
/** Losses of the whole process, whatever lane the record names. */
const OF_PROCESS = numberSet(LOSS, 'limit', 'disk', 'permission', 'hole', 'room');
/** A lane that was lost as a whole has no rows; what others did is known. */
const HARMLESS = numberSet(LOSS, 'threads');
/** Of one lane or process. Later ones are joined to the last. */
const MAX_LOSSES = 1000;

export class Losses {
  /** Records that are missing, by index in LOSSES. */
  readonly counts: number[] = LOSSES.map(() => 0);
  /** By process: what ended its recording. */
  readonly #stops = new Map<number, Loss>();
  /** By process. */
  readonly #firstSinceNs = new Map<number, number>();
  /** In the order of their times. */
  readonly #byLane = new Map<number, Loss[]>();
  readonly #byProcess = new Map<number, Loss[]>();

  add(read: Loss): void {
    // Whatever the time at which it is told: on a full disk that is the time of the last record.
    const loss = STOPS.has(read.where) ? { ...read, untilNs: Number.POSITIVE_INFINITY } : read;
    this.counts[loss.where] = (this.counts[loss.where] ?? 0) + loss.count;
    if (HARMLESS.has(loss.where)) return;
    this.#firstSinceNs.set(loss.process, Math.min(loss.sinceNs, this.firstSinceNs(loss.process)));
    if (STOPS.has(loss.where) && !this.#stops.has(loss.process)) this.#stops.set(loss.process, loss);
    const [losses, key] = loss.lane < 0 ? [this.#byProcess, loss.process] : [this.#byLane, loss.lane];
    const known = losses.get(key);
    if (known === undefined) losses.set(key, [loss]);
    else if (known.length < MAX_LOSSES) known.push(loss);
    else known.push({ ...loss, sinceNs: known.pop()!.sinceNs });
  }

  /** Whether records of this process are missing, of whatever lane. */
  hasAny(process: number): boolean {
    return this.#firstSinceNs.has(process);
  }

  /** Up to when nothing of this process is missing; Infinity: nothing ever is. */
  firstSinceNs(process: number): number {
    return this.#firstSinceNs.get(process) ?? Number.POSITIVE_INFINITY;
  }

  /** What ended the recording of this process before it ended; undefined: nothing did. */
  stopOf(process: number): Loss | undefined {
    return this.#stops.get(process);
  }

  /** The first loss of this lane or process that was not over at `t`; null: all was recorded. */
  firstAfter(process: number, lane: number, t: number): Loss | null {
    const ofLane = firstEndingAfter(this.#byLane.get(lane), t);
    const ofProcess = firstEndingAfter(this.#byProcess.get(process), t);
    if (ofLane === null || ofProcess === null) return ofLane ?? ofProcess;
    return ofLane.sinceNs <= ofProcess.sinceNs ? ofLane : ofProcess;
  }
}

/** The lane for which a loss counts. */
export const laneOfLoss = (where: number, lane: number): number => (OF_PROCESS.has(where) ? -1 : lane);

function firstEndingAfter(losses: readonly Loss[] | undefined, t: number): Loss | null {
  if (losses === undefined || losses.at(-1)!.untilNs <= t) return null;
  let from = 0;
  let to = losses.length - 1;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (losses[middle]!.untilNs > t) to = middle;
    else from = middle + 1;
  }
  return losses[from]!;
}
