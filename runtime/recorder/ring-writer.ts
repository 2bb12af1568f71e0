/**
 * Writes records into this thread's ring: the hot path of everything. One thread
 * writes a ring, plain stores, then the row's `head`; x64 keeps stores in order, elsewhere
 * `head` is an atomic store. Measured (bench/event-write.ts): about 34 ns a record, 30 of them the clock.
 *
 * A full ring never holds the program up under the policy `drop`: the record is counted and
 * a `lost` record follows as soon as there is room. Under `wait` the writer empties the rings into the file
 * itself. Definitions (texts, sites) do so under either policy, for what they name would be nameless for good.
 */
import { KIND, FLAG, LOSS } from '../trace/format/kinds.ts';
import { RECORD_WORDS, TEXT_MAX_BYTES, TEXT_PIECE_BYTES, head } from '../trace/format/layout.ts';
import { builtIns } from './built-ins.ts';
import type { Recorder, SiteDefinition } from './recorder.ts';
import { M, R, releaseRing, type SharedMemory } from './shared-memory.ts';

const { load, store, add, notify } = builtIns;
const PLAIN_STORES_ARE_SEEN_IN_ORDER = process.arch === 'x64' || process.arch === 'ia32';
const LOST_IN_RING = LOSS.ring;
/** Ids are taken from the process's counters in blocks, so that threads seldom meet there. */
const ID_BLOCK = 4096;
/** The intern table forgets everything when it is this long: a text may be defined twice, under two ids. */
const MAX_TEXTS = 65536;

export interface RingWriterOptions {
  readonly memory: SharedMemory;
  /** From `claimRing`. */
  readonly row: number;
  readonly whenFull: 'drop' | 'wait';
  /** Empties the rings into the file on this thread; false when that was not possible in a bounded time. */
  readonly drainHere: () => boolean;
}

export class RingWriter implements Recorder {
  readonly on = true;
  clock: () => bigint = builtIns.now;
  readonly lane: number;
  private readonly words: Int32Array;
  private readonly times: BigInt64Array;
  private readonly memory: SharedMemory;
  private readonly row: number;
  private readonly options: RingWriterOptions;
  private readonly mask: number;
  private readonly capacity: number;
  private readonly firstWord: number;
  private readonly firstTime: number;
  /** Records that surely fit; the ring's tail is looked at only when this is used up. */
  private free = 0;
  /** Records written since the ring began, modulo 2³². */
  private written: number;
  private readonly headAt: number;
  private readonly last = new BigInt64Array(1);
  private idNext = 0;
  private idEnd = 0;
  private texts = new Map<string, number>();
  private readonly encoder = new TextEncoder();
  private readonly scratch = new Uint8Array(TEXT_MAX_BYTES + TEXT_PIECE_BYTES);
  private readonly scratchWords = new Int32Array(this.scratch.buffer);
  private dropped = 0;
  private droppedSinceNs = 0n;

  constructor(options: RingWriterOptions) {
    const { memory, row } = options;
    this.options = options;
    this.memory = memory;
    this.row = row;
    this.words = memory.words;
    this.times = new BigInt64Array(memory.buffer);
    this.capacity = memory.words[row + R.capacity]!;
    this.mask = this.capacity - 1;
    this.firstWord = memory.words[row + R.base]! >>> 2;
    this.firstTime = memory.words[row + R.base]! >>> 3;
    this.lane = memory.words[row + R.lane]! & 0xffff;
    // A reused ring goes on where its former owner stopped.
    this.written = load(memory.words, row + R.head);
    this.headAt = row + R.head;
  }

  write(kind: number, flags: number, task: number, a: number, b: number, c: number, d: number): void {
    const t = this.clock();
    if (this.free <= 0 && !this.room(1)) return this.drop(t);
    this.free--;
    const { words } = this;
    const pos = this.written & this.mask;
    const at = this.firstWord + (pos << 3);
    this.times[this.firstTime + (pos << 2)] = t;
    this.last[0] = t;
    words[at + 2] = task;
    words[at + 3] = a;
    words[at + 4] = b;
    words[at + 5] = c;
    words[at + 6] = d;
    words[at + 7] = (kind << 24) | (flags << 16) | this.lane;
    const written = (this.written + 1) | 0;
    this.written = written;
    if (PLAIN_STORES_ARE_SEEN_IN_ORDER) words[this.headAt] = written;
    else store(words, this.headAt, written);
    if (words[M.asleep] !== 0) this.wakeHelper();
  }

  writeSame(kind: number, flags: number, task: number, a: number, b: number, c: number, d: number): void {
    this.put(this.last[0]!, kind, flags, this.lane, task, a, b, c, d);
  }

  writeAt(
    tNs: bigint,
    kind: number,
    flags: number,
    task: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    this.put(tNs, kind, flags, this.lane, task, a, b, c, d);
  }

  nextId(): number {
    if (this.idNext === this.idEnd) {
      this.idNext = add(this.words, M.nextId, ID_BLOCK);
      this.idEnd = this.idNext + ID_BLOCK;
    }
    return this.idNext++;
  }

  nextSites(count: number): number {
    return add(this.words, M.nextSite, count);
  }

  text(text: string): number {
    if (text === '') return 0;
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    const bytes = this.encode(text);
    const pieces = Math.max(1, Math.ceil(bytes / TEXT_PIECE_BYTES));
    if (!this.roomForDefinition(pieces)) return 0;
    const id = add(this.words, M.nextText, 1);
    const from = this.scratchWords;
    for (let piece = 0; piece < pieces; piece++) {
      const at = this.firstWord + (this.written & this.mask) * RECORD_WORDS;
      const w = piece * (TEXT_PIECE_BYTES / 4);
      this.words[at] = from[w]!;
      this.words[at + 1] = from[w + 1]!;
      this.words[at + 2] = id;
      this.words[at + 3] = from[w + 2]!;
      this.words[at + 4] = from[w + 3]!;
      this.words[at + 5] = from[w + 4]!;
      this.words[at + 6] = from[w + 5]!;
      this.commit(at, head(KIND.text, piece === pieces - 1 ? FLAG.textLast : 0, piece));
    }
    if (this.texts.size >= MAX_TEXTS) this.texts = new Map();
    this.texts.set(text, id);
    return id;
  }

  site(site: SiteDefinition): void {
    const file = this.text(site.file);
    const fn = this.text(site.fn);
    const text = this.text(site.text);
    if (!this.roomForDefinition(1)) return;
    const at = this.firstWord + (this.written & this.mask) * RECORD_WORDS;
    this.words[at] = site.column;
    this.words[at + 1] = site.lineHash;
    this.words[at + 2] = site.id;
    this.words[at + 3] = file;
    this.words[at + 4] = site.line;
    this.words[at + 5] = fn;
    this.words[at + 6] = text;
    this.commit(at, head(KIND.site, site.role | (site.direct ? FLAG.siteDirect : 0), this.lane));
  }

  end(): void {
    releaseRing(this.memory, this.row);
  }

  private put(
    t: bigint,
    kind: number,
    flags: number,
    lane: number,
    task: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    if (this.free <= 0 && !this.room(1)) return this.drop(t);
    const { words } = this;
    const pos = this.written & this.mask;
    const at = this.firstWord + (pos << 3);
    this.times[this.firstTime + (pos << 2)] = t;
    words[at + 2] = task;
    words[at + 3] = a;
    words[at + 4] = b;
    words[at + 5] = c;
    words[at + 6] = d;
    this.commit(at, head(kind, flags, lane));
  }

  private commit(at: number, headWord: number): void {
    this.free--;
    this.words[at + 7] = headWord;
    this.written = (this.written + 1) | 0;
    if (PLAIN_STORES_ARE_SEEN_IN_ORDER) this.words[this.headAt] = this.written;
    else store(this.words, this.headAt, this.written);
    if (this.words[M.asleep] !== 0) this.wakeHelper();
  }

  /** Looks how far the ring has been emptied; true when `count` records fit. Says first what was lost before. */
  private room(count: number): boolean {
    this.refreshTail();
    if (this.free < count + 1 && this.options.whenFull === 'wait' && this.options.drainHere())
      this.refreshTail();
    if (this.dropped > 0 && this.free > count) this.writeLost();
    return this.free >= count;
  }

  private roomForDefinition(count: number): boolean {
    if (this.free >= count || this.room(count)) return true;
    if (this.options.drainHere()) this.refreshTail();
    return this.free >= count;
  }

  /**
   * Looked at twice a round at least: a ring that fills faster than the helper comes by wakes it at its half.
   * One record stays free, for saying what was lost.
   */
  private refreshTail(): void {
    const used = (this.written - load(this.words, this.row + R.tail)) | 0;
    const half = this.capacity >> 1;
    if (used > half) notify(this.words, M.ending);
    const free = this.capacity - 1 - used;
    this.free = free > half ? half : free;
  }

  private drop(t: bigint): void {
    if (this.dropped++ === 0) this.droppedSinceNs = t;
    add(this.words, this.row + R.dropped, 1);
  }

  private writeLost(): void {
    const { dropped, droppedSinceNs } = this;
    this.dropped = 0;
    const low = Number(droppedSinceNs & 0xffffffffn) | 0;
    this.put(
      this.clock(),
      KIND.lost,
      LOST_IN_RING,
      this.lane,
      0,
      dropped,
      0,
      low,
      Number(droppedSinceNs >> 32n),
    );
  }

  private wakeHelper(): void {
    this.words[M.asleep] = 0;
    notify(this.words, M.asleep);
  }

  /** UTF-8 of the text in `scratch`, cut at a character when too long, padded with NUL; its length. */
  private encode(text: string): number {
    const short = text.length > TEXT_MAX_BYTES ? text.slice(0, TEXT_MAX_BYTES) : text;
    let { read, written } = this.encoder.encodeInto(short, this.scratch.subarray(0, TEXT_MAX_BYTES));
    if (read < text.length) {
      const kept = this.encoder.encodeInto(short, this.scratch.subarray(0, TEXT_MAX_BYTES - 3));
      written = kept.written + this.encoder.encodeInto('…', this.scratch.subarray(kept.written)).written;
    }
    this.scratch.fill(0, written, written + TEXT_PIECE_BYTES);
    return written;
  }
}
