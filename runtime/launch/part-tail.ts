/**
 * Reads one part of a recording, segment after segment, while it may still be growing: whole
 * records only, each once, in the order of the file.
 *
 *   ██ ██ ██ ░░ ██ ██ 00 00      ░░ a hole: nothing committed, but records behind it
 *   └──────┘ ↑                   00 not written yet, or never: nothing behind it
 *   passed   waited for, a second at most; then skipped, and a `lost` record passed on in its place
 *
 * It opens the files that the folder's listing named and no other, and reads regular files alone:
 * a pipe of that name would never end. Between two reads it can be released: it then holds no
 * descriptor, and opens its file again once that has grown. It never throws for what stands in a
 * file.
 */
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { flagReader, KIND, KINDS, LOSS } from '../trace/format/kinds.ts';
import { flagsOf, head, kindOf, laneOf, RECORD_BYTES, RECORD_WORDS, W } from '../trace/format/layout.ts';
import {
  decodePartHead,
  decodePartLoss,
  PART_END_OFFSET,
  PART_HEAD_BYTES,
  parsePartName,
  type PartHead,
} from '../trace/format/part.ts';
import { describeIoError } from './describe-io-error.ts';

const whereOf = flagReader(KINDS.lost.flags.where);
/** How long the tail waits for a hole with records behind it to be filled. */
const MAX_HOLE_MS = 1000;
/**
 * A hole is as long as what a ring holds, and a file may have room taken in advance. A longer run
 * of zeros is no recording (a sparse file costs nothing to make), and the rest of it is not read.
 */
const MAX_HOLE_BYTES = 64 * 2 ** 20;
/** A pipe without a writer is opened at once, and then refused. Not on every system: 0 there. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
/** How a reader opens the files of parts. */
export interface PartFiles {
  /** @throws the system's error */
  open(path: string): number;
  close(fd: number): void;
}

export const ORDINARY_FILES: PartFiles = {
  open: (path) => openSync(path, OPEN_FLAGS),
  close: closeSync,
};

const TOO_MANY_FILES: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE']);
/** The head of one part at a time: it is decoded before the next is read. */
const headBytes = Buffer.alloc(PART_HEAD_BYTES);

/** Takes what a part holds. */
export interface RecordSink {
  /** Whole records. The bytes are lent: the next read overwrites them. */
  onRecords(part: number, records: Uint8Array): void;
  /** One sentence about what is damaged, missing or newer. */
  onTrouble(words: string): void;
  /**
   * Records were let go of before they were read: what was passed on has a gap, and all has to be
   * read anew. Without this it is a trouble.
   */
  onLetGo?(): void;
}

export interface PartSink extends RecordSink {
  /** Read into, and lent to `onRecords`: at least one record long, at a multiple of four bytes. */
  readonly buffer: Uint8Array;
  /** For waiting until a hole is filled. */
  nowMs(): number;
}

export class PartTail {
  readonly part: number;
  /** The head of the first segment; null: not read yet. */
  head: PartHead | null = null;
  /** A `processEnd` was among the records. */
  hasProcessEnded = false;
  readonly #segments: string[] = [];
  #current = -1;
  /** The current segment is not read to its end. */
  #isInSegment = false;
  #fd = -1;
  /**
   * Bytes of the current segment that were passed on, its head included; 0: its head is not read.
   */
  #offset = 0;
  /** When the hole at `#offset` was first seen; −1: there is none. */
  #holeSinceMs = -1;
  #isDamaged = false;
  /** Low and high word of the time of the last record that has one. */
  #lastTime: readonly [number, number] = [0, 0];
  /** Records that were said to be lost: of threads without a ring, and of all others. */
  #lostInThreads = 0;
  #lost = 0;

  readonly #files: PartFiles;

  constructor(part: number, files: PartFiles = ORDINARY_FILES) {
    this.part = part;
    this.#files = files;
  }

  /** Segments are added in their order. */
  addSegment(path: string): void {
    this.#segments.push(path);
  }

  /**
   * Passes on one buffer of records at most.
   * @param isComplete nothing more will be written: a hole is skipped at once, and bytes that are
   *   no whole record are reported
   * @returns whether anything was read: call again
   */
  readBlock(sink: PartSink, isComplete: boolean): boolean {
    if (this.#isDamaged) return false;
    try {
      // A segment is complete once its successor exists. Only then is its size final: read it
      // after.
      if (this.#fd < 0 && !this.#open(isComplete)) return false;
      const isSegmentComplete = isComplete || this.#hasSuccessor();
      const size = fstatSync(this.#fd).size;
      if (this.#offset === 0 && !this.#readHead(sink, size, isSegmentComplete)) return false;
      const { buffer } = sink;
      // While a hole is open, its first record alone tells whether it has been filled.
      const maxBytes = this.#holeSinceMs >= 0 ? RECORD_BYTES : buffer.length - (buffer.length % RECORD_BYTES);
      const wantedBytes = Math.min(maxBytes, size - this.#offset);
      const readBytes = wantedBytes <= 0 ? 0 : readSync(this.#fd, buffer, 0, wantedBytes, this.#offset);
      const wholeBytes = readBytes - (readBytes % RECORD_BYTES);
      if (wholeBytes > 0 && this.#passRecords(sink, wholeBytes, isSegmentComplete)) return true;
      if (!isSegmentComplete) return false;
      if (wholeBytes === 0 && readBytes > 0) {
        sink.onTrouble(
          `${this.#name()}: the ${readBytes} bytes from byte ${this.#offset} on are not a whole record and are left out`,
        );
      }
      if (this.#current + 1 === this.#segments.length) this.#passHeadRecords(sink);
      return this.#closeSegment();
    } catch (error) {
      const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (isGone && sink.onLetGo !== undefined) sink.onLetGo();
      else
        sink.onTrouble(
          `${this.#name()}: ${describeIoError(error)}; what follows byte ${this.#offset} is left out`,
        );
      this.#isDamaged = true;
      this.close();
      return false;
    }
  }

  /** Reads the head before the first record; false: it cannot be read. */
  readHead(sink: PartSink): boolean {
    try {
      if (this.#fd < 0 && !this.#open(true)) return false;
      return this.#offset > 0 || this.#readHead(sink, fstatSync(this.#fd).size, true);
    } catch {
      // `readBlock` fails in the same way and reports it.
      return false;
    }
  }

  /** Closes the file. `readBlock` opens it again where it left off, when there is more to read. */
  close(): void {
    if (this.#fd < 0) return;
    this.#files.close(this.#fd);
    this.#fd = -1;
  }

  /** Passes on the records before a hole, or skips the hole; false: nothing to pass on yet. */
  #passRecords(sink: PartSink, bytes: number, isSegmentComplete: boolean): boolean {
    const { buffer } = sink;
    const words = new Uint32Array(buffer.buffer, buffer.byteOffset, bytes / 4);
    const end = words.length;
    let w = 0;
    while (w < end && words[w + W.head]! >>> 24 !== 0) {
      this.#noteRecord(words, w);
      w += RECORD_WORDS;
    }
    if (w > 0) {
      this.#offset += w * 4;
      this.#holeSinceMs = -1;
      sink.onRecords(this.part, buffer.subarray(0, w * 4));
      return true;
    }
    if (!isSegmentComplete) {
      const nowMs = sink.nowMs();
      if (this.#holeSinceMs < 0) this.#holeSinceMs = nowMs;
      if (nowMs - this.#holeSinceMs < MAX_HOLE_MS) return false;
      // When nothing stands behind the hole, the next search is due after the same time again.
      this.#holeSinceMs = nowMs;
    }
    return this.#skipHole(sink, isSegmentComplete);
  }

  #noteRecord(words: Uint32Array, w: number): void {
    const headWord = words[w + W.head]!;
    const kind = kindOf(headWord);
    if (kind === KIND.text || kind === KIND.site) return;
    this.#lastTime = [words[w + W.tLow]!, words[w + W.tHigh]!];
    if (kind === KIND.processEnd) this.hasProcessEnded = true;
    if (kind !== KIND.lost) return;
    const where = whereOf(flagsOf(headWord));
    const count = words[w + W.b]! * 2 ** 32 + words[w + W.a]!;
    if (where === LOSS.threads) this.#lostInThreads += count;
    else if (where !== LOSS.hole) this.#lost += count;
  }

  /** The head of the last segment says what was lost and found no room behind the other records. */
  #passHeadRecords(sink: PartSink): void {
    if (readSync(this.#fd, headBytes, 0, PART_HEAD_BYTES, 0) < PART_HEAD_BYTES) return;
    const { why, records, threadRecords, sinceNs } = decodePartLoss(headBytes);
    const passLost = (where: number, count: number, since: bigint): void => {
      if (count <= 0) return;
      const record = new Uint32Array(RECORD_WORDS);
      [record[W.tLow], record[W.tHigh]] = this.#lastTime;
      record[W.a] = count % 2 ** 32;
      record[W.b] = Math.floor(count / 2 ** 32);
      record[W.c] = Number(since & 0xffffffffn);
      record[W.d] = Number(since >> 32n);
      record[W.head] = head(KIND.lost, where, 0);
      sink.onRecords(this.part, new Uint8Array(record.buffer));
    };
    passLost(why === 0 ? LOSS.ring : why & 15, records - this.#lost, why === 0 ? 0n : sinceNs);
    passLost(LOSS.threads, threadRecords - this.#lostInThreads, 0n);
    const last = new Uint8Array(headBytes.subarray(PART_END_OFFSET, PART_HEAD_BYTES));
    if (this.hasProcessEnded || last[RECORD_BYTES - 1] !== KIND.processEnd) return;
    this.hasProcessEnded = true;
    sink.onRecords(this.part, last);
  }

  /** Goes to the next committed record, however far; false: there is none, and more may come. */
  #skipHole(sink: PartSink, isSegmentComplete: boolean): boolean {
    const { buffer } = sink;
    for (let at = this.#offset; ;) {
      const readBytes = readSync(this.#fd, buffer, 0, buffer.length - (buffer.length % RECORD_BYTES), at);
      const wholeRecords = Math.floor(readBytes / RECORD_BYTES);
      const words = new Uint32Array(buffer.buffer, buffer.byteOffset, wholeRecords * RECORD_WORDS);
      if (words.length === 0) {
        // Zeros up to the end were never written: space taken in advance, not records.
        if (isSegmentComplete) this.#offset = at;
        return isSegmentComplete;
      }
      let behind = 0;
      while (behind < words.length && kindOf(words[behind + W.head]!) === 0) behind += RECORD_WORDS;
      at += behind * 4;
      if (behind === words.length) {
        if (at - this.#offset < MAX_HOLE_BYTES) continue;
        if (isSegmentComplete) this.#leaveOut(sink);
        return isSegmentComplete;
      }
      const holeRecords = (at - this.#offset) / RECORD_BYTES;
      this.#offset = at;
      this.#holeSinceMs = -1;
      this.#passLost(sink, holeRecords, words.subarray(behind, behind + RECORD_WORDS));
      return true;
    }
  }

  /** Passes on a `lost` record in the hole's place, at the time of the next record behind it. */
  #passLost(sink: PartSink, holeRecords: number, next: Uint32Array): void {
    const record = new Uint32Array(RECORD_WORDS);
    const kind = kindOf(next[W.head]!);
    if (kind !== KIND.text && kind !== KIND.site) {
      record[W.tLow] = next[W.tLow]!;
      record[W.tHigh] = next[W.tHigh]!;
    } else if (this.head !== null) {
      record[W.tLow] = Number(this.head.startNs & 0xffffffffn);
      record[W.tHigh] = Number(this.head.startNs >> 32n);
    }
    record[W.a] = holeRecords;
    record[W.head] = head(KIND.lost, LOSS.hole, laneOf(next[W.head]!));
    sink.onRecords(this.part, new Uint8Array(record.buffer));
  }

  /** Nothing but zeros for so long: the rest of the segment is not read. */
  #leaveOut(sink: PartSink): void {
    const { size } = fstatSync(this.#fd);
    sink.onTrouble(
      `${this.#name()}: nothing was written from byte ${this.#offset} on; the ${size - this.#offset} bytes there are left out`,
    );
    this.#offset = size;
  }

  /**
   * Opens the segment that is being read, once it has grown, or the next one.
   * @param mustRead asks for the rest of a segment although it may not have grown
   * @returns false: there is nothing to read, or no descriptor free for it now
   */
  #open(mustRead: boolean): boolean {
    const index = this.#isInSegment ? this.#current : this.#current + 1;
    const path = this.#segments[index];
    if (path === undefined) return false;
    const isIdle = this.#isInSegment && !mustRead && !this.#hasSuccessor();
    if (isIdle && statSync(path).size <= this.#offset) return false;
    try {
      this.#fd = this.#files.open(path);
    } catch (error) {
      if (!mustRead && TOO_MANY_FILES.has((error as NodeJS.ErrnoException).code)) return false;
      throw error;
    }
    if (!this.#isInSegment) this.#offset = 0;
    this.#current = index;
    this.#isInSegment = true;
    if (fstatSync(this.#fd).isFile()) return true;
    this.close();
    throw new Error('it is not a regular file');
  }

  #hasSuccessor(): boolean {
    return this.#current + 1 < this.#segments.length;
  }

  /** @returns whether there is another segment to read */
  #closeSegment(): boolean {
    this.close();
    this.#isInSegment = false;
    return this.#hasSuccessor();
  }

  #readHead(sink: PartSink, size: number, isSegmentComplete: boolean): boolean {
    if (size < PART_HEAD_BYTES && !isSegmentComplete) return false;
    const readBytes = readSync(this.#fd, headBytes, 0, PART_HEAD_BYTES, 0);
    const decoded = decodePartHead(headBytes.subarray(0, readBytes));
    if (typeof decoded === 'string') {
      const pid = parsePartName(this.#name())?.series.split('-', 1)[0] ?? '?';
      sink.onTrouble(
        this.head === null && size < PART_HEAD_BYTES
          ? `nothing of process ${pid} is recorded: nothing could be written (the disk was full, or files may not be as large)`
          : `${this.#name()}: ${decoded}`,
      );
      this.#isDamaged = true;
      this.close();
      return false;
    }
    this.head ??= decoded;
    this.#offset = PART_HEAD_BYTES;
    return true;
  }

  #name(): string {
    return basename(this.#segments[Math.max(0, this.#current)] ?? 'a part');
  }
}
