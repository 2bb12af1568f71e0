/**
 * The process's part of a recording on disk: appends bytes, cuts segments, keeps the
 * size limit. Its whole state lives in the shared memory, so that whichever thread holds the lock goes
 * on where the other stopped. It never throws: when the disk is full or the folder has gone,
 * writing ends for good (`stopped`), the rest is counted, and the program runs on.
 */
import { KIND, LANGUAGE, LOSS } from '../trace/format/kinds.ts';
import { RECORD_BYTES, head } from '../trace/format/layout.ts';
import { PART_DROPPED_OFFSET, PART_HEAD_BYTES, encodePartHead, partName } from '../trace/format/part.ts';
import { builtIns } from './built-ins.ts';
import { M, type SharedMemory } from './shared-memory.ts';

export interface PartPlace {
  readonly folder: string;
  readonly pid: number;
  readonly startNs: bigint;
  readonly wallNs: bigint;
}

export interface PartLimits {
  /** A segment is closed when it has this many bytes of records. */
  readonly segmentBytes: number;
  /** Over all segments of this process; a little more is kept for saying what was lost. */
  readonly totalBytes: number;
}

export const DEFAULT_LIMITS: PartLimits = { segmentBytes: 16 << 20, totalBytes: 2 * 1024 ** 3 };

/** Why nothing more is written (word `stopped`). */
export const STOPPED = { no: 0, limit: 1, disk: 2 } as const;
const PRIVATE = 0o600;

export class PartFile {
  private readonly memory: SharedMemory;
  private readonly place: PartPlace;
  private readonly limits: PartLimits;

  constructor(memory: SharedMemory, place: PartPlace, limits: PartLimits = DEFAULT_LIMITS) {
    this.memory = memory;
    this.place = place;
    this.limits = limits;
  }

  /** Creates the first segment; false when the folder cannot be written to. */
  open(): boolean {
    return this.openSegment(0);
  }

  /** Appends whole records standing in `bytes[from, to)`; counts them instead once writing has stopped. */
  append(bytes: Uint8Array, from: number, to: number): void {
    const { words, floats } = this.memory;
    if (words[M.stopped] === STOPPED.no && floats[M.totalBytesF64]! + (to - from) > this.limits.totalBytes) {
      words[M.stopped] = STOPPED.limit;
    }
    if (words[M.stopped] === STOPPED.no) {
      if (words[M.segmentBytes]! >= this.limits.segmentBytes) this.openSegment(words[M.segment]! + 1);
      if (words[M.stopped] === STOPPED.no && this.put(bytes, from, to)) return;
    }
    if (floats[M.discardedF64] === 0) floats[M.discardedSinceF64] = Number(builtIns.now());
    floats[M.discardedF64]! += (to - from) / RECORD_BYTES;
  }

  /** The wall clock at this moment, as a record of the process rather than of a lane (its lane says 0). */
  appendClock(): void {
    const before = builtIns.now();
    const wall = BigInt(builtIns.wallMs()) * 1_000_000n;
    const after = builtIns.now();
    // Date.now() is a whole millisecond: that is the uncertainty, besides the time the two readings took.
    const uncertainty = Number(after - before) + 1_000_000;
    const record = recordOf((before + after) / 2n, KIND.clock, 0);
    record.setBigUint64(12, wall + 500_000n, true);
    record.setUint32(20, Math.min(uncertainty, 0xffffffff), true);
    this.append(new Uint8Array(record.buffer), 0, RECORD_BYTES);
  }

  /** Brings the head's count of dropped records up to date. */
  noteDropped(): void {
    const { words, floats } = this.memory;
    if (words[M.stopped] === STOPPED.disk) return;
    const count = new DataView(new ArrayBuffer(8));
    count.setBigUint64(0, BigInt(floats[M.droppedF64]! + floats[M.discardedF64]!), true);
    try {
      builtIns.writeSync(words[M.fd]!, new Uint8Array(count.buffer), 0, 8, PART_DROPPED_OFFSET);
    } catch {
      words[M.stopped] = STOPPED.disk;
    }
  }

  /** Says what was lost once writing stopped, then the process's own last record, past the limit if need be. */
  appendLast(last: Uint8Array | null): void {
    const { words, floats } = this.memory;
    const discarded = floats[M.discardedF64]!;
    if (discarded > 0) {
      const why = words[M.stopped] === STOPPED.limit ? 'limit' : 'disk';
      const lost = recordOf(builtIns.now(), KIND.lost, LOSS[why]);
      lost.setBigUint64(12, BigInt(discarded), true);
      lost.setBigUint64(20, BigInt(floats[M.discardedSinceF64]!), true);
      this.put(new Uint8Array(lost.buffer), 0, RECORD_BYTES);
    }
    if (last !== null) this.put(last, 0, last.length);
    this.noteDropped();
  }

  private put(bytes: Uint8Array, from: number, to: number): boolean {
    const { words, floats } = this.memory;
    try {
      while (from < to) {
        const at = PART_HEAD_BYTES + words[M.segmentBytes]!;
        const wrote = builtIns.writeSync(words[M.fd]!, bytes, from, to - from, at);
        from += wrote;
        words[M.segmentBytes]! += wrote;
        floats[M.totalBytesF64]! += wrote;
      }
      return true;
    } catch {
      words[M.stopped] = STOPPED.disk;
      return false;
    }
  }

  private openSegment(segment: number): boolean {
    const { words } = this.memory;
    const { folder, pid, startNs, wallNs } = this.place;
    try {
      // 'wx': a part is never written over. The number is the process's, so any thread may use it.
      const fd = builtIns.openSync(builtIns.join(folder, partName(pid, startNs, segment)), 'wx', PRIVATE);
      const bytes = encodePartHead({ pid, segment, startNs, wallNs, language: LANGUAGE.node });
      builtIns.writeSync(fd, bytes, 0, bytes.length, 0);
      const former = words[M.fd]!;
      words[M.fd] = fd;
      words[M.segment] = segment;
      words[M.segmentBytes] = 0;
      if (former >= 0) builtIns.closeSync(former);
      return true;
    } catch {
      words[M.stopped] = STOPPED.disk;
      return false;
    }
  }
}

/** A record written by whoever ships rather than by a lane's own thread: time, kind, flags; the rest is filled in by the caller. */
export function recordOf(tNs: bigint, kind: number, flags: number, lane = 0): DataView<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(RECORD_BYTES));
  view.setBigUint64(0, tNs, true);
  view.setUint32(28, head(kind, flags, lane), true);
  return view;
}
