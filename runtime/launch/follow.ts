/**
 * Follows a recording: every part in its folder, from the beginning, as it grows and as new
 * processes appear. It polls, because no file watcher reports an append on every platform sooner
 * than a poll finds it. The files are the queue: a receiver that cannot take more pauses, and reads
 * on later.
 *
 * It holds one buffer, however large the recording. It listens on nothing, and writes nothing but
 * the file that tells the agents that somebody looks.
 */
import { closeSync, openSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { RECORD_BYTES } from '../trace/format/layout.ts';
import { FOLLOWED_FILE, type PartHead } from '../trace/format/part.ts';
import { BUDGET } from '../trace/model/budget.ts';
import { isProcessAlive } from './is-process-alive.ts';
import { type HeldFiles, liveFiles } from './held-files.ts';
import { ORDINARY_FILES, PartTail, type PartSink, type RecordSink } from './part-tail.ts';
import { describeIoError } from './describe-io-error.ts';
import { grouped } from '../trace/format/grouped.ts';

export interface FollowOptions {
  /**
   * Whole records of one part. The bytes are lent: they are overwritten after the call.
   * Return `false` to pause until `resume()`.
   */
  onBlock(part: number, records: Uint8Array): void | false;
  /** Everything written so far has been read; after each round that read something. */
  onCaughtUp?(): void;
  /** Everything was read, and every process has ended or `finish` was called. Once, and last. */
  onEnd?(): void;
  /** One sentence about a file that is damaged, newer or gone. */
  onTrouble?(words: string): void;
  /**
   * The oldest records were let go of (keep-newest.ts) before they were read. What was passed on
   * has a gap: the receiver stops, and follows anew. Without this it is a trouble.
   */
  onLetGo?(): void;
  /**
   * `processes` (the default): it ends when every process that was seen is gone. `finish`: it ends
   * only when `finish()` is called, for a program whose children may begin after their parent's
   * end.
   */
  readonly endsWith?: 'processes' | 'finish';
  /** Default 10. */
  readonly pollMs?: number;
  /** Records in one block at most; default 16,384 (512 KiB). */
  readonly blockRecords?: number;
}

export interface Following {
  /** Heads of the parts found so far, by part number; null: not read yet. */
  heads(): readonly (PartHead | null)[];
  /** Goes on after `onBlock` returned false. */
  resume(): void;
  /** Nothing more will be written: reads the rest (until `onBlock` pauses), then calls `onEnd`. */
  finish(): void;
  /** Reads nothing more and closes all files, without `onEnd`. */
  stop(): void;
}

/** After this time the event loop gets its turn, however much there is to read. */
const MAX_ROUND_MS = 12;
const DEFAULT_POLL_MS = 10;
const DEFAULT_BLOCK_RECORDS = 16_384;
/** From so many parts on each is open only while it is read. */
const MAX_OPEN_PARTS = 32;
/** How often the part of an ended process is looked at. */
const ENDED_POLL_MS = 500;
/** How often the agents are told that somebody looks. */
const TOUCH_MS = 1000;
const PRIVATE_MODE = 0o600;
/** How long a folder is listed although its time stands still, see `refresh`. */
const MTIME_TICK_MS = 100;

export function follow(folder: string, options: FollowOptions): Following {
  const letGo = options.onLetGo === undefined ? {} : { onLetGo: (): void => options.onLetGo?.() };
  const parts = new RecordingParts(folder, { onTrouble: (words) => options.onTrouble?.(words), ...letGo });
  let isPaused = false;
  let isFinishing = false;
  let isOver = false;
  /** Something was read that `onCaughtUp` was not told of. */
  let hasNews = false;
  /** The part at which the last round was left; 0: it came to its end. */
  let leftAt = 0;
  /** When the part of an ended process is looked at next. */
  const lookAtMs = new WeakMap<PartTail, number>();
  let timer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  let nextTouchMs = 0;
  const sink: PartSink = {
    buffer: new Uint8Array((options.blockRecords ?? DEFAULT_BLOCK_RECORDS) * RECORD_BYTES),
    onRecords: (part, records) => {
      if (options.onBlock(part, records) === false) isPaused = true;
    },
    onTrouble: (words) => options.onTrouble?.(words),
    nowMs: () => performance.now(),
    ...letGo,
  };

  scheduleRound(0);
  return {
    heads: () => parts.tails.map((tail) => tail.head),
    resume: () => {
      if (!isPaused) return;
      isPaused = false;
      scheduleRound(0);
    },
    finish: () => {
      isFinishing = true;
      scheduleRound(0);
    },
    stop: () => {
      isOver = true;
      cancelRound();
      parts.close();
    },
  };

  function scheduleRound(ms: number): void {
    cancelRound();
    if (isOver || isPaused) return;
    timer = ms === 0 ? setImmediate(runRound) : setTimeout(runRound, ms);
  }

  function cancelRound(): void {
    if (timer === null) return;
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
    timer = null;
  }

  function runRound(): void {
    timer = null;
    if (performance.now() >= nextTouchMs) {
      nextTouchMs = performance.now() + TOUCH_MS;
      touch(join(folder, FOLLOWED_FILE));
    }
    // Asked before reading: everything that an ended process wrote is then in the files.
    const isComplete = isFinishing || (options.endsWith !== 'finish' && parts.haveAllEnded());
    const hasMore = readRound(isComplete);
    if (isOver || isPaused) return;
    if (hasMore) return scheduleRound(0);
    if (hasNews) {
      hasNews = false;
      options.onCaughtUp?.();
    }
    if (!isComplete) return scheduleRound(options.pollMs ?? DEFAULT_POLL_MS);
    isOver = true;
    parts.close();
    options.onEnd?.();
  }

  /** @returns whether there is more to read */
  function readRound(isComplete: boolean): boolean {
    const untilMs = performance.now() + MAX_ROUND_MS;
    parts.refresh(isComplete);
    if (isOver) return false;
    // The last round reads one part after the other, so it needs one descriptor.
    if (isComplete) parts.close();
    const isCrowded = isComplete || parts.tails.length > MAX_OPEN_PARTS;
    const { tails } = parts;
    // A round that was left early goes on where it was left: looking at all the parts before that
    // again would take the time that the rest needs.
    const first = Math.min(leftAt, tails.length);
    for (let i = 0; i < tails.length; i++) {
      leftAt = (first + i) % tails.length;
      const tail = tails[leftAt]!;
      if (!isComplete && performance.now() < (lookAtMs.get(tail) ?? 0)) continue;
      while (tail.readBlock(sink, isComplete)) {
        hasNews = true;
        if (isPaused || isOver) return false;
        if (performance.now() > untilMs) return true;
      }
      if (tail.hasProcessEnded) lookAtMs.set(tail, performance.now() + ENDED_POLL_MS);
      if (isCrowded || tail.hasProcessEnded) tail.close();
    }
    leftAt = 0;
    return false;
  }
}

/** Where it cannot be written the records come a little later. */
function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    try {
      closeSync(openSync(path, 'a', PRIVATE_MODE));
    } catch {
      // The folder is gone, or another user's.
    }
  }
}

type RecordingReport = Pick<RecordSink, 'onTrouble' | 'onLetGo'>;

/** The parts in a folder; those that one listing finds are in the order of their start. */
export class RecordingParts {
  readonly tails: PartTail[] = [];
  readonly #folder: string;
  readonly #report: RecordingReport;
  readonly #held: HeldFiles | null;
  readonly #bySeries = new Map<string, { readonly tail: PartTail; nextSegment: number }>();
  #listedMtimeMs = -1;
  #unchangedSinceMs = 0;
  #hasReportedFolder = false;
  #hasReportedParts = false;

  /** @param held reads these files, and lists no others */
  constructor(folder: string, report: RecordingReport, held: HeldFiles | null = null) {
    this.#folder = folder;
    this.#report = report;
    this.#held = held;
  }

  /**
   * Finds new parts and segments.
   * @param isForced lists the folder even when its time says that nothing is new
   */
  refresh(isForced: boolean): void {
    if (this.#held !== null) return this.#addSegments(this.#held.names);
    try {
      const { mtimeMs } = statSync(this.#folder);
      // A file system's clock ticks in milliseconds. A second change within the tick of the first
      // does not move the time, so the folder is listed for a while longer.
      if (mtimeMs !== this.#listedMtimeMs) this.#unchangedSinceMs = performance.now();
      else if (!isForced && performance.now() - this.#unchangedSinceMs > MTIME_TICK_MS) return;
      this.#listedMtimeMs = mtimeMs;
      this.#addSegments(readdirSync(this.#folder));
    } catch (error) {
      if (!this.#hasReportedFolder)
        this.#report.onTrouble(`the recording ${this.#folder} cannot be read: ${describeIoError(error)}`);
      this.#hasReportedFolder = true;
    }
  }

  /** Every process that was seen has recorded its end or is gone; false while none was seen. */
  haveAllEnded(): boolean {
    return (
      this.tails.length > 0 &&
      this.tails.every((tail) => tail.hasProcessEnded || (tail.head && !isProcessAlive(tail.head.pid)))
    );
  }

  /** Closes all files: what is read on is opened again. */
  close(): void {
    for (const tail of this.tails) tail.close();
  }

  #reportTooManyParts(): void {
    if (this.#hasReportedParts) return;
    this.#hasReportedParts = true;
    const max = grouped(BUDGET.processes.max);
    this.#report.onTrouble(
      `the recording has parts of more than ${max} processes; the later ones are left out`,
    );
  }

  #addSegments(names: readonly string[]): void {
    for (const { name, series, segment, isKept } of liveFiles(names)) {
      let part = this.#bySeries.get(series);
      if (part === undefined && this.tails.length >= BUDGET.processes.max) {
        this.#reportTooManyParts();
        continue;
      }
      if (part === undefined) {
        const tail = new PartTail(this.tails.length, this.#held ?? ORDINARY_FILES);
        part = { tail, nextSegment: segment };
        this.#bySeries.set(series, part);
        this.tails.push(part.tail);
        if (segment > 0 && !isKept)
          this.#report.onTrouble(`${series}: its first ${segment} segments are missing`);
      } else if (isKept && segment >= part.nextSegment) {
        if (this.#report.onLetGo !== undefined) return this.#report.onLetGo();
        part.nextSegment = segment + 1;
        this.#report.onTrouble(`${series}: records were let go of before they were read`);
        continue;
      }
      if (segment < part.nextSegment) continue;
      if (segment > part.nextSegment)
        this.#report.onTrouble(`${series}: segments ${part.nextSegment} to ${segment - 1} are missing`);
      part.nextSegment = segment + 1;
      part.tail.addSegment(join(this.#folder, name));
    }
  }
}
