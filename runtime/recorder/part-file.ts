/**
 * The process's part of a recording on disk: appends bytes, cuts segments, keeps the size limit.
 * Its whole state lives in the shared memory, so that each thread that takes the lock goes on where
 * the last one stopped. It never throws: when the disk is full or the folder is gone, writing stops
 * for good (`stopped`), further records are only counted, and the program runs on.
 */
import { KIND, LANGUAGE, LOSS } from '../trace/format/kinds.ts';
import { RECORD_BYTES, head } from '../trace/format/layout.ts';
import { PART_DROPPED_OFFSET, PART_HEAD_BYTES, encodePartHead, partName } from '../trace/format/part.ts';
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

/** Why nothing more is written: values of the word `stopped`. */
export const STOPPED = { no: 0, limit: 1, disk: 2 } as const;
const PRIVATE_MODE = 0o600;

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

  /** Appends the whole records in `bytes[from, to)`; only counts them once writing has stopped. */
  append(bytes: Uint8Array, from: number, to: number): void {
    const { words, floats } = this.memory;
    if (
      words[CONTROL.stopped] === STOPPED.no &&
      floats[CONTROL.totalBytesF64]! + (to - from) > this.limits.totalBytes
    ) {
      words[CONTROL.stopped] = STOPPED.limit;
    }
    if (words[CONTROL.stopped] === STOPPED.no) {
      if (words[CONTROL.segmentBytes]! >= this.limits.segmentBytes)
        this.openSegment(words[CONTROL.segment]! + 1);
      if (words[CONTROL.stopped] === STOPPED.no && this.write(bytes, from, to)) return;
    }
    if (floats[CONTROL.discardedF64] === 0) floats[CONTROL.discardedSinceF64] = Number(builtIns.now());
    floats[CONTROL.discardedF64]! += (to - from) / RECORD_BYTES;
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
    record.setUint32(20, Math.min(uncertainty, 0xffffffff), true);
    this.append(new Uint8Array(record.buffer), 0, RECORD_BYTES);
  }

  /** Updates the head's count of dropped records. */
  updateDropped(): void {
    const { words, floats } = this.memory;
    if (words[CONTROL.stopped] === STOPPED.disk) return;
    const count = new DataView(new ArrayBuffer(8));
    count.setBigUint64(0, BigInt(floats[CONTROL.droppedF64]! + floats[CONTROL.discardedF64]!), true);
    try {
      builtIns.writeSync(words[CONTROL.fd]!, new Uint8Array(count.buffer), 0, 8, PART_DROPPED_OFFSET);
    } catch {
      words[CONTROL.stopped] = STOPPED.disk;
    }
  }

  /**
   * Appends how many records were lost after writing stopped, then the process's own last record;
   * past the limit if need be.
   */
  appendLast(last: Uint8Array | null): void {
    const { words, floats } = this.memory;
    const discarded = floats[CONTROL.discardedF64]!;
    if (discarded > 0) {
      const loss = words[CONTROL.stopped] === STOPPED.limit ? LOSS.limit : LOSS.disk;
      const lost = recordOf(builtIns.now(), KIND.lost, loss);
      lost.setBigUint64(12, BigInt(discarded), true);
      lost.setBigUint64(20, BigInt(floats[CONTROL.discardedSinceF64]!), true);
      this.write(new Uint8Array(lost.buffer), 0, RECORD_BYTES);
    }
    if (last !== null) this.write(last, 0, last.length);
    this.updateDropped();
  }

  private write(bytes: Uint8Array, from: number, to: number): boolean {
    const { words, floats } = this.memory;
    try {
      while (from < to) {
        const at = PART_HEAD_BYTES + words[CONTROL.segmentBytes]!;
        const written = builtIns.writeSync(words[CONTROL.fd]!, bytes, from, to - from, at);
        from += written;
        words[CONTROL.segmentBytes]! += written;
        floats[CONTROL.totalBytesF64]! += written;
      }
      return true;
    } catch {
      words[CONTROL.stopped] = STOPPED.disk;
      return false;
    }
  }

  private openSegment(segment: number): boolean {
    const { words } = this.memory;
    const { folder, pid, startNs, wallNs } = this.place;
    try {
      // 'wx': a part is never overwritten. The descriptor belongs to the process: any thread may
      // use it.
      const fd = builtIns.openSync(
        builtIns.join(folder, partName(pid, startNs, segment)),
        'wx',
        PRIVATE_MODE,
      );
      const bytes = encodePartHead({ pid, segment, startNs, wallNs, language: LANGUAGE.node });
      builtIns.writeSync(fd, bytes, 0, bytes.length, 0);
      const former = words[CONTROL.fd]!;
      words[CONTROL.fd] = fd;
      words[CONTROL.segment] = segment;
      words[CONTROL.segmentBytes] = 0;
      if (former >= 0) builtIns.closeSync(former);
      return true;
    } catch {
      words[CONTROL.stopped] = STOPPED.disk;
      return false;
    }
  }
}

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
