/**
 * Reads one part of a recording, segment after segment, while it may still be growing:
 * whole records only, each once, in the order of the file.
 *
 *   ██ ██ ██ ░░ ██ ██ 00 00      ░░ a hole: nothing committed, but records behind it
 *   └──────┘ ↑                   00 not written yet, or never: nothing behind it
 *   given    waited for, a second at most; then skipped and told as a `lost` record
 *
 * It opens what the folder's listing named and nothing else, and never throws for what stands in a file.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { KIND, LOSS } from '../trace/format/kinds.ts';
import { head, kindOf, RECORD_BYTES, RECORD_WORDS, W } from '../trace/format/layout.ts';
import { decodePartHead, PART_HEAD_BYTES, type PartHead } from '../trace/format/part.ts';
import { describeIoError } from './describe-io-error.ts';

/** How long a hole with records behind it is waited for. */
const HOLE_MS = 1000;
const LOST_IN_HOLE = LOSS.hole;
const HEAD = Buffer.alloc(PART_HEAD_BYTES);

export interface Reading {
  /** Read into, and lent to `give`: at least one record long, at a multiple of four bytes. */
  readonly buffer: Uint8Array;
  /** The records are the receiver's only until it returns. */
  give(part: number, records: Uint8Array): void;
  trouble(words: string): void;
  nowMs(): number;
}

export class PartTail {
  readonly part: number;
  /** Of the first segment, once it was read. */
  head: PartHead | null = null;
  /** A `processEnd` was among the records. */
  ended = false;
  readonly #segments: string[] = [];
  #current = -1;
  #fd = -1;
  /** Bytes of the current segment that were read and given, its head included; 0: the head was not read yet. */
  #offset = 0;
  #holeSinceMs = -1;
  #broken = false;

  constructor(part: number) {
    this.part = part;
  }

  /** The next segment's path, in order. */
  addSegment(path: string): void {
    this.#segments.push(path);
  }

  /**
   * One bufferful, if there is one.
   * @param last nothing more will be written: holes are skipped at once, and what is left over is told.
   * @returns whether anything was read: ask again
   */
  read(reading: Reading, last: boolean): boolean {
    if (this.#broken) return false;
    try {
      if (this.#fd < 0 && !this.#openNext()) return false;
      // A segment is over when its successor exists; its size is looked at after that is known.
      const over = last || this.#current + 1 < this.#segments.length;
      const size = fstatSync(this.#fd).size;
      if (this.#offset === 0 && !this.#takeHead(reading, size, over)) return false;
      const { buffer } = reading;
      // While a hole is waited for, one look at its first record is enough.
      const most = this.#holeSinceMs >= 0 ? RECORD_BYTES : buffer.length - (buffer.length % RECORD_BYTES);
      const want = Math.min(most, size - this.#offset);
      const got = want <= 0 ? 0 : readSync(this.#fd, buffer, 0, want, this.#offset);
      const whole = got - (got % RECORD_BYTES);
      if (whole > 0 && this.#take(reading, whole, over)) return true;
      if (!over) return false;
      if (whole === 0 && got > 0) {
        reading.trouble(
          `${this.#name()}: the ${got} bytes from byte ${this.#offset} on are not a whole record and are left out`,
        );
      }
      return this.#closeSegment();
    } catch (error) {
      reading.trouble(
        `${this.#name()}: ${describeIoError(error)}; what follows byte ${this.#offset} is left out`,
      );
      this.#broken = true;
      this.close();
      return false;
    }
  }

  /** Reads the head alone, for whoever needs it before the first record; false: there is none to be had. */
  readHead(reading: Reading): boolean {
    try {
      if (this.#fd < 0 && !this.#openNext()) return false;
      return this.#offset > 0 || this.#takeHead(reading, fstatSync(this.#fd).size, true);
    } catch {
      // `read` meets the same and says it.
      return false;
    }
  }

  close(): void {
    if (this.#fd < 0) return;
    closeSync(this.#fd);
    this.#fd = -1;
  }

  /** Gives what stands before a hole, or skips the hole; false: nothing to give yet. */
  #take(reading: Reading, bytes: number, over: boolean): boolean {
    const { buffer } = reading;
    const words = new Uint32Array(buffer.buffer, buffer.byteOffset, bytes / 4);
    const end = words.length;
    let w = 0;
    while (w < end && words[w + W.head]! >>> 24 !== 0) {
      if (words[w + W.head]! >>> 24 === KIND.processEnd) this.ended = true;
      w += RECORD_WORDS;
    }
    if (w > 0) {
      this.#offset += w * 4;
      this.#holeSinceMs = -1;
      reading.give(this.part, buffer.subarray(0, w * 4));
      return true;
    }
    if (!over) {
      const nowMs = reading.nowMs();
      if (this.#holeSinceMs < 0) this.#holeSinceMs = nowMs;
      if (nowMs - this.#holeSinceMs < HOLE_MS) return false;
      // Nothing behind it: looked for again after another while.
      this.#holeSinceMs = nowMs;
    }
    return this.#skipHole(reading, over);
  }

  /** To the next record that was committed, however far; false: there is none, and more may come. */
  #skipHole(reading: Reading, over: boolean): boolean {
    const { buffer } = reading;
    for (let at = this.#offset; ;) {
      const got = readSync(this.#fd, buffer, 0, buffer.length - (buffer.length % RECORD_BYTES), at);
      const words = new Uint32Array(buffer.buffer, buffer.byteOffset, Math.floor(got / RECORD_BYTES) * 8);
      if (words.length === 0) {
        // Zeros up to the end were never written: space taken in advance, not records.
        if (over) this.#offset = at;
        return over;
      }
      let behind = 0;
      while (behind < words.length && kindOf(words[behind + W.head]!) === 0) behind += RECORD_WORDS;
      at += behind * 4;
      if (behind === words.length) continue;
      const records = (at - this.#offset) / RECORD_BYTES;
      this.#offset = at;
      this.#holeSinceMs = -1;
      this.#tellHole(reading, words, behind, records);
      return true;
    }
  }

  /** A `lost` record in the hole's place, at the time of the first record behind it. */
  #tellHole(reading: Reading, words: Uint32Array, behind: number, records: number): void {
    const record = new Uint32Array(RECORD_WORDS);
    const next = words.subarray(behind, behind + RECORD_WORDS);
    const kind = kindOf(next[W.head]!);
    if (kind !== KIND.text && kind !== KIND.site) {
      record[W.tLow] = next[W.tLow]!;
      record[W.tHigh] = next[W.tHigh]!;
    } else if (this.head !== null) {
      record[W.tLow] = Number(this.head.startNs & 0xffffffffn);
      record[W.tHigh] = Number(this.head.startNs >> 32n);
    }
    record[W.a] = records;
    record[W.head] = head(KIND.lost, LOST_IN_HOLE, next[W.head]! & 0xffff);
    reading.give(this.part, new Uint8Array(record.buffer));
  }

  #openNext(): boolean {
    const path = this.#segments[this.#current + 1];
    if (path === undefined) return false;
    this.#current++;
    this.#offset = 0;
    this.#fd = openSync(path, 'r');
    return true;
  }

  #closeSegment(): boolean {
    this.close();
    return this.#current + 1 < this.#segments.length;
  }

  #takeHead(reading: Reading, size: number, over: boolean): boolean {
    if (size < PART_HEAD_BYTES && !over) return false;
    const got = readSync(this.#fd, HEAD, 0, PART_HEAD_BYTES, 0);
    const it = decodePartHead(HEAD.subarray(0, got));
    if (typeof it === 'string') {
      reading.trouble(`${this.#name()}: ${it}`);
      this.#broken = true;
      this.close();
      return false;
    }
    this.head ??= it;
    this.#offset = PART_HEAD_BYTES;
    return true;
  }

  #name(): string {
    return basename(this.#segments[Math.max(0, this.#current)] ?? 'a part');
  }
}
