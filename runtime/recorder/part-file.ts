/**
 * The process's part of a recording on disk: appends bytes, cuts segments, keeps the size limit.
 * Its whole state lives in the shared memory, so that each thread that takes the lock goes on where
 * the last one stopped. It never throws: when the disk is full, writing stops for good (`stopped`),
 * further records are only counted, and the program runs on. The count stands in the head, whose
 * bytes are there: it can be written where nothing else can.
 *
 * At the size limit the files are measured: a follower may have let go of the oldest. Then writing
 * goes on. Else records are counted until there is room, and only what later records refer to is
 * still written: without that they would stay nameless.
 *
 * Where no further segment can be opened (the process gave up its rights, or has no descriptor
 * left), the current one goes on.
 */
import { KIND, LANGUAGE, LOSS, RESOURCE_KIND } from '../trace/format/kinds.ts';
import { RECORD_BYTES, head } from '../trace/format/layout.ts';
import {
  PART_END_OFFSET,
  PART_HEAD_BYTES,
  PART_LOSS_OFFSET,
  encodePartHead,
  encodePartLoss,
  partName,
  seriesName,
} from '../trace/format/part.ts';
import { builtIns } from './built-ins.ts';
import { CONTROL, type SharedMemory } from './shared-memory.ts';

export interface PartPlace {
  readonly folder: string;
  readonly pid: number;
  readonly startNs: bigint;
  readonly wallNs: bigint;
}

export interface PartLimits {
  /** A segment with this many bytes of records is closed. */
  readonly segmentBytes: number;
  /** Over all segments of the process; the records that say what was lost may exceed it. */
  readonly totalBytes: number;
}

export const DEFAULT_LIMITS: PartLimits = { segmentBytes: 16 << 20, totalBytes: 2 * 1024 ** 3 };

/** Time between two looks at the files' sizes while there is no room. */
const MIN_MEASURE_NS = 20e6;
const MAX_MEASURE_NS = 500e6;
/** Share of the limit that is left to what is referred to. */
const RESERVED_SHARE = 1 / 32;
const QUIET = { throwIfNoEntry: false } as const;
/** A bit for each kind of record that later ones name. */
const REFERRED_TO =
  (1 << KIND.text) |
  (1 << KIND.site) |
  (1 << KIND.resourceBegin) |
  (1 << KIND.laneBegin) |
  (1 << KIND.processBegin);

/** Errors that say the process may not write, by their code; all others are the disk's. */
const REFUSALS = new Set(['EACCES', 'EPERM', 'EROFS']);
const PRIVATE_MODE = 0o600;

export class PartFile {
  private readonly memory: SharedMemory;
  private readonly place: PartPlace;
  private readonly limits: PartLimits;
  /** For records of every kind. */
  private readonly maxBytes: number;

  private readonly mayOpen: boolean;

  /**
   * @param mayOpen opens further segments. In a worker of the program Node would tell of the former
   *   file, which another thread opened, and close the new one with the worker: there the segment
   *   goes on until another thread writes.
   */
  constructor(memory: SharedMemory, place: PartPlace, limits: PartLimits = DEFAULT_LIMITS, mayOpen = true) {
    this.mayOpen = mayOpen;
    this.memory = memory;
    this.place = place;
    this.limits = limits;
    this.maxBytes = limits.totalBytes * (1 - RESERVED_SHARE);
  }

  /** Creates the first segment; false when the folder cannot be written to. */
  open(): boolean {
    return this.openSegment(0);
  }

  /** Appends the whole records in `bytes[from, to)`; only counts them once writing has stopped. */
  append(bytes: Uint8Array, from: number, to: number): void {
    const { words, floats } = this.memory;
    const isOver = floats[CONTROL.totalBytesF64]! + (to - from) > this.maxBytes;
    if (words[CONTROL.stopped] === 0 && isOver && !this.hasRoom(to - from)) {
      words[CONTROL.stopped] = LOSS.limit;
      floats[CONTROL.stoppedBytesF64] = floats[CONTROL.totalBytesF64]!;
    } else if (words[CONTROL.stopped] === LOSS.limit && this.hasRoom(to - from)) this.goOn();
    let at = from;
    if (words[CONTROL.stopped] === 0) {
      if (words[CONTROL.segmentBytes]! >= this.limits.segmentBytes)
        this.openSegment(words[CONTROL.segment]! + 1);
      if (words[CONTROL.stopped] === 0) at = this.write(bytes, from, to);
    }
    if (at === to) return;
    if (words[CONTROL.stopped] === LOSS.limit) at += this.writeReferredTo(bytes, at, to);
    if (at === to) return;
    if (floats[CONTROL.discardedF64] === 0) floats[CONTROL.discardedSinceF64] = Number(builtIns.now());
    floats[CONTROL.discardedF64]! += builtIns.ceil((to - at) / RECORD_BYTES);
  }

  /**
   * Whether so many bytes fit, by the sizes of the files. That costs a system call a segment, so
   * while there is no room it is looked up less and less often.
   */
  private hasRoom(bytes: number): boolean {
    const { words, floats } = this.memory;
    const nowNs = Number(builtIns.now());
    if (nowNs < floats[CONTROL.measureAtF64]!) return false;
    const writtenBytes = this.measure();
    floats[CONTROL.totalBytesF64] = writtenBytes;
    // Once stopped it goes on where something was let go, and not where less happens to fit.
    const isLess = words[CONTROL.stopped] === 0 || writtenBytes < floats[CONTROL.stoppedBytesF64]!;
    const fits = isLess && writtenBytes + bytes <= this.maxBytes;
    const everyNs = floats[CONTROL.measureEveryF64]!;
    floats[CONTROL.measureEveryF64] = fits ? 0 : builtIns.min(MAX_MEASURE_NS, everyNs * 2 + MIN_MEASURE_NS);
    floats[CONTROL.measureAtF64] = nowNs + floats[CONTROL.measureEveryF64]!;
    return fits;
  }

  /** Bytes of the process's files that are there; Infinity: they cannot be listed. */
  private measure(): number {
    const { folder, pid, startNs } = this.place;
    const prefix = `${seriesName(pid, startNs)}.`;
    let bytes = 0;
    try {
      const names = builtIns.readdirSync(folder);
      for (let i = 0; i < names.length; i++) {
        const name = names[i]!;
        if (builtIns.slice(name, 0, prefix.length) !== prefix) continue;
        bytes += builtIns.statSync(builtIns.join(folder, name), QUIET)?.size ?? 0;
      }
      return bytes;
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  }

  /** There is room again: what was discarded meanwhile is said where it is missing. */
  private goOn(): void {
    const { words, floats } = this.memory;
    words[CONTROL.stopped] = 0;
    const discarded = floats[CONTROL.discardedF64]!;
    if (discarded === 0) return;
    floats[CONTROL.formerlyDiscardedF64]! += discarded;
    const record = this.lostRecord(LOSS.room, discarded);
    floats[CONTROL.discardedF64] = 0;
    floats[CONTROL.discardedSinceF64] = 0;
    this.write(record, 0, RECORD_BYTES);
  }

  /** Of records that are discarded, those that later ones refer to. @returns how many bytes */
  private writeReferredTo(bytes: Uint8Array, from: number, to: number): number {
    const { words, floats } = this.memory;
    const { totalBytes } = this.limits;
    let written = 0;
    for (let at = from; at + RECORD_BYTES <= to; at += RECORD_BYTES) {
      const kind = bytes[at + RECORD_BYTES - 1]!;
      if (((REFERRED_TO >>> kind) & 1) === 0 || floats[CONTROL.totalBytesF64]! > totalBytes) continue;
      // Each timer has one, and is seldom named again.
      if (kind === KIND.resourceBegin && (bytes[at + RECORD_BYTES - 2]! & 31) === RESOURCE_KIND.timer)
        continue;
      words[CONTROL.stopped] = 0;
      const end = this.write(bytes, at, at + RECORD_BYTES);
      if (words[CONTROL.stopped] !== 0) return written + end - at;
      words[CONTROL.stopped] = LOSS.limit;
      written += RECORD_BYTES;
    }
    return written;
  }

  private lostRecord(where: number, count: number): Uint8Array {
    const record = recordOf(builtIns.now(), KIND.lost, where);
    record.setBigUint64(12, BigInt(count), true);
    record.setBigUint64(20, BigInt(this.memory.floats[CONTROL.discardedSinceF64]!), true);
    return new Uint8Array(record.buffer);
  }

  /** Appends the wall clock's time as a record of the process: its lane is 0. */
  appendClock(): void {
    const before = builtIns.now();
    const wall = BigInt(builtIns.wallMs()) * 1_000_000n;
    const after = builtIns.now();
    // The uncertainty: Date.now() counts whole milliseconds, and the readings take time.
    const uncertainty = Number(after - before) + 1_000_000;
    const record = recordOf((before + after) / 2n, KIND.clock, 0);
    record.setBigUint64(12, wall + 500_000n, true);
    record.setUint32(20, builtIns.min(uncertainty, 0xffffffff), true);
    this.append(new Uint8Array(record.buffer), 0, RECORD_BYTES);
  }

  /** Writes what was lost so far into the head, where that has changed. */
  updateLoss(): void {
    const { words, floats } = this.memory;
    const records =
      floats[CONTROL.droppedF64]! + floats[CONTROL.discardedF64]! + floats[CONTROL.formerlyDiscardedF64]!;
    const threadRecords = words[CONTROL.threadRecords]! >>> 0;
    const sum = records + threadRecords;
    if (sum === floats[CONTROL.saidLossF64]) return;
    const loss = encodePartLoss({
      language: LANGUAGE.node,
      why: words[CONTROL.stopped]!,
      threadRecords,
      records,
      sinceNs: BigInt(floats[CONTROL.discardedSinceF64]!),
    });
    if (this.overwrite(loss, PART_LOSS_OFFSET)) floats[CONTROL.saidLossF64] = sum;
  }

  /**
   * Appends how many records were lost after writing stopped, then the process's own last record;
   * past the limit if need be. On a full disk both stand in the head alone.
   */
  appendLast(last: Uint8Array | null): void {
    const { words, floats } = this.memory;
    const discarded = floats[CONTROL.discardedF64]!;
    let isOrderly = true;
    if (discarded > 0) {
      const lost = this.lostRecord(words[CONTROL.stopped]! || LOSS.disk, discarded);
      isOrderly = this.write(lost, 0, RECORD_BYTES) === RECORD_BYTES;
    }
    if (last !== null && !(isOrderly && this.write(last, 0, last.length) === last.length))
      this.overwrite(last, PART_END_OFFSET);
    this.updateLoss();
  }

  /** @returns the end of what was written; less than `to`: writing has stopped */
  private write(bytes: Uint8Array, from: number, to: number): number {
    const { words, floats } = this.memory;
    let at = from;
    try {
      while (at < to) {
        const position = PART_HEAD_BYTES + words[CONTROL.segmentBytes]!;
        let written: number;
        try {
          written = builtIns.writeSync(words[CONTROL.fd]!, bytes, at, to - at, position);
        } catch (error) {
          // A file may not be larger than the process's limit (ulimit -f): another one may be.
          if ((error as NodeJS.ErrnoException).code !== 'EFBIG') throw error;
          const torn = words[CONTROL.segmentBytes]! % RECORD_BYTES;
          if (!this.mayOpen) {
            // The next thread that may opens another file; these records are counted.
            words[CONTROL.segmentBytes]! -= torn;
            return at - torn;
          }
          if (words[CONTROL.segmentBytes] === torn || !this.openSegment(words[CONTROL.segment]! + 1))
            throw error;
          // A record that the limit cut in two is written again, whole.
          at -= torn;
          continue;
        }
        at += written;
        words[CONTROL.segmentBytes]! += written;
        floats[CONTROL.totalBytesF64]! += written;
      }
      return to;
    } catch (error) {
      words[CONTROL.stopped] = lossOf(error);
      // What is written once more begins where the last whole record ends.
      words[CONTROL.segmentBytes]! -= words[CONTROL.segmentBytes]! % RECORD_BYTES;
      return at;
    }
  }

  /** Writes into the head. */
  private overwrite(bytes: Uint8Array, offset: number): boolean {
    try {
      builtIns.writeSync(this.memory.words[CONTROL.fd]!, bytes, 0, bytes.length, offset);
      return true;
    } catch {
      return false;
    }
  }

  /** False: the current segment goes on; where there is none, writing has stopped. */
  private openSegment(segment: number): boolean {
    if (!this.mayOpen) return false;
    const { words, floats } = this.memory;
    const { folder, pid, startNs, wallNs } = this.place;
    const file = builtIns.join(folder, partName(pid, startNs, segment));
    let fd = -1;
    try {
      // 'wx': a part is never overwritten. The descriptor belongs to the process: any thread may
      // use it.
      fd = builtIns.openSync(file, 'wx', PRIVATE_MODE);
      const bytes = encodePartHead({ pid, segment, startNs, wallNs, language: LANGUAGE.node });
      const written = builtIns.writeSync(fd, bytes, 0, bytes.length, 0);
      if (written < bytes.length) throw new Error('the disk is full');
    } catch (error) {
      const isFirst = words[CONTROL.fd]! < 0;
      // A folder that was removed takes the current segment with it.
      const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (isFirst || isGone || fd >= 0) words[CONTROL.stopped] = lossOf(error);
      if (fd >= 0) quietly(() => builtIns.closeSync(fd));
      // The first one stays, too short for a head: it says that the process was there.
      if (fd >= 0 && !isFirst) quietly(() => builtIns.unlinkSync(file));
      return false;
    }
    const former = words[CONTROL.fd]!;
    words[CONTROL.fd] = fd;
    words[CONTROL.segment] = segment;
    words[CONTROL.segmentBytes] = 0;
    floats[CONTROL.saidLossF64] = 0;
    if (former >= 0) quietly(() => builtIns.closeSync(former));
    this.updateLoss();
    return true;
  }
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // There is nothing that could be done about it.
  }
}

/** What kind of loss an error of the system means (LOSSES). */
const lossOf = (error: unknown): number =>
  REFUSALS.has((error as NodeJS.ErrnoException).code ?? '') ? LOSS.permission : LOSS.disk;

/**
 * A record that does not come from a lane's own ring: with its time, kind, flags and lane. The
 * caller fills in the fields.
 */
export function recordOf(tNs: bigint, kind: number, flags: number, lane = 0): DataView<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(RECORD_BYTES));
  view.setBigUint64(0, tNs, true);
  view.setUint32(28, head(kind, flags, lane), true);
  return view;
}
