/**
 * Writes records into this thread's ring: the hottest path of all. One thread writes a ring with
 * plain stores, then stores the row's `head`. x64 keeps stores in order; elsewhere storing the
 * `head` is atomic. Measured (bench/event-write.ts): about 34 ns a record, 30 of them the clock.
 *
 * The shipper empties the rings. Where it is late, since it starts or gets no processor, the writer
 * does so itself; it looks once in 256 records. So of a killed program no more is missing than the
 * last 5 ms, or the last 256 records of a thread where the shipper cannot run; while no burst comes
 * the last 200 ms, but no more than `CONTROL.newsRecords` of a thread and 5 ms.
 *
 * Under the policy `drop` a full ring holds the program up for a millisecond at most: then the
 * record is counted, and a `lost` record follows as soon as there is room. Under `wait` the writer
 * waits for the file. Definitions (texts, sites) do so under either policy: without them, all that
 * refers to them would stay nameless.
 */
import { KIND, KINDS, FLAG, LOSS, flagBits } from '../trace/format/kinds.ts';
import { RECORD_WORDS, TEXT_MAX_BYTES, TEXT_PIECE_BYTES, head } from '../trace/format/layout.ts';
import { builtIns, SafeMap } from './built-ins.ts';
import type { Recorder, SiteDefinition } from './recorder.ts';
import { CONTROL, RING_ROW, SHIPPER, releaseRing, type SharedMemory } from './shared-memory.ts';

const { load, store, add, notify, wait, max, ceil, slice, encodeInto, fillBytes } = builtIns;
const ARE_STORES_ORDERED = process.arch === 'x64' || process.arch === 'ia32';
/** Ids are taken from the process's counter in blocks, so that threads seldom contend for it. */
const ID_BLOCK = 4096;
/** After so many records the writer looks how far the rings have been emptied. */
const RECORDS_PER_LOOK = 256;
/** The shipper is late: its rounds are 4 ms apart. */
const LATE_NS = 5e6;
/** Time between two rounds of the writer while the shipper starts. */
const START_ROUND_NS = 1_000_000n;
/** The program waits this long for room, then it records nothing for a while. */
const MAX_WAIT_NS = 1_000_000n;
const NO_WAIT_NS = 20_000_000n;
/** With this many texts the table of ids is emptied: a text may then be defined again. */
const MAX_TEXTS = 65536;
/** `…` in UTF-8. */
const ELLIPSIS = [0xe2, 0x80, 0xa6] as const;

export interface RingWriterOptions {
  readonly memory: SharedMemory;
  /** From `claimRing`. */
  readonly row: number;
  readonly whenFull: 'drop' | 'wait';
  /**
   * Empties the rings into the file, on this thread; false: not possible in a bounded time.
   * @param isPatient waits for another thread that does the same
   */
  readonly drain: (isPatient: boolean) => boolean;
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
  /** Records that certainly fit; the ring's tail is read only when these are used up. */
  private free = 0;
  /** Records written since the ring began, modulo 2³². */
  private written: number;
  private headAt: number;
  /** Time of the last `write`. */
  private readonly lastNs = new BigInt64Array(1);
  private nextFreeId = 0;
  private endOfIds = 0;
  private readonly textIds = new SafeMap<string, number>();
  private readonly encoder = new TextEncoder();
  private readonly encoded = new Uint8Array(TEXT_MAX_BYTES + TEXT_PIECE_BYTES);
  private readonly encodedWords = new Int32Array(this.encoded.buffer);
  /** Where a text fits; and where one that is cut does, with the sign that says so. */
  private readonly whole = this.encoded.subarray(0, TEXT_MAX_BYTES);
  private readonly cut = this.encoded.subarray(0, TEXT_MAX_BYTES - ELLIPSIS.length);
  private dropped = 0;
  private droppedSinceNs = 0n;
  /** Until then a full ring is not waited for. */
  private noWaitUntilNs = 0n;
  private nextStartRoundNs = 0n;

  constructor(options: RingWriterOptions) {
    const { memory, row } = options;
    this.options = options;
    this.memory = memory;
    this.row = row;
    this.words = memory.words;
    this.times = new BigInt64Array(memory.buffer);
    this.capacity = memory.words[row + RING_ROW.capacity]!;
    this.mask = this.capacity - 1;
    this.firstWord = memory.words[row + RING_ROW.base]! >>> 2;
    this.firstTime = memory.words[row + RING_ROW.base]! >>> 3;
    this.lane = memory.words[row + RING_ROW.lane]! & 0xffff;
    // A reused ring goes on where its former thread stopped.
    this.written = load(memory.words, row + RING_ROW.head);
    this.headAt = row + RING_ROW.head;
  }

  write(kind: number, flags: number, task: number, a: number, b: number, c: number, d: number): void {
    const tNs = this.clock();
    if (this.free <= 0 && !this.makeRoom(1)) return this.drop(tNs);
    this.free--;
    const { words } = this;
    const pos = this.written & this.mask;
    const at = this.firstWord + (pos << 3);
    this.times[this.firstTime + (pos << 2)] = tNs;
    this.lastNs[0] = tNs;
    words[at + 2] = task;
    words[at + 3] = a;
    words[at + 4] = b;
    words[at + 5] = c;
    words[at + 6] = d;
    words[at + 7] = (kind << 24) | (flags << 16) | this.lane;
    const written = (this.written + 1) | 0;
    this.written = written;
    if (ARE_STORES_ORDERED) words[this.headAt] = written;
    else store(words, this.headAt, written);
    if (words[CONTROL.shipper] !== SHIPPER.awake) this.helpShipper();
  }

  writeAtLastTime(
    kind: number,
    flags: number,
    task: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    this.writeAt(this.lastNs[0]!, kind, flags, task, a, b, c, d);
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
    if (this.free <= 0 && !this.makeRoom(1)) return this.drop(tNs);
    const { words } = this;
    const pos = this.written & this.mask;
    const at = this.firstWord + (pos << 3);
    this.times[this.firstTime + (pos << 2)] = tNs;
    words[at + 2] = task;
    words[at + 3] = a;
    words[at + 4] = b;
    words[at + 5] = c;
    words[at + 6] = d;
    this.commit(at, head(kind, flags, this.lane));
  }

  nextId(): number {
    if (this.nextFreeId === this.endOfIds) {
      this.nextFreeId = add(this.words, CONTROL.nextId, ID_BLOCK);
      this.endOfIds = this.nextFreeId + ID_BLOCK;
    }
    return this.nextFreeId++;
  }

  reserveSiteIds(count: number): number {
    return add(this.words, CONTROL.nextSite, count);
  }

  defineText(text: string): number {
    if (text === '') return 0;
    const knownId = this.textIds.get(text);
    if (knownId !== undefined) return knownId;
    const bytes = this.encode(text);
    const pieces = max(1, ceil(bytes / TEXT_PIECE_BYTES));
    if (!this.makeRoomForDefinition(pieces)) return 0;
    const id = add(this.words, CONTROL.nextText, 1);
    const from = this.encodedWords;
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
    if (this.textIds.size >= MAX_TEXTS) this.textIds.clear();
    this.textIds.set(text, id);
    return id;
  }

  defineSite(site: SiteDefinition): void {
    const file = this.defineText(site.file);
    const fn = this.defineText(site.fn);
    const text = this.defineText(site.text);
    if (!this.makeRoomForDefinition(1)) return;
    const at = this.firstWord + (this.written & this.mask) * RECORD_WORDS;
    this.words[at] = site.column;
    this.words[at + 1] = site.lineHash;
    this.words[at + 2] = site.id;
    this.words[at + 3] = file;
    this.words[at + 4] = site.line;
    this.words[at + 5] = fn;
    this.words[at + 6] = text;
    const note = flagBits(KINDS.site.flags.note, site.note ?? 0);
    const direct = site.direct ? FLAG.siteDirect : 0;
    this.commit(at, head(KIND.site, site.role | direct | note, this.lane));
  }

  /**
   * Runs code whose records nobody sees: the ring is afterwards as it was. Before the first record
   * of the thread; texts and ids that the code took are given again.
   */
  rehearse(run: () => void): void {
    const { written, headAt } = this;
    // A word that nobody reads.
    this.headAt = CONTROL.unread;
    this.free = 0;
    try {
      this.helpShipper();
      run();
      this.drop(0n);
      add(this.words, this.row + RING_ROW.dropped, -1);
    } finally {
      this.headAt = headAt;
      this.written = written;
      this.nextFreeId = max(0, this.endOfIds - ID_BLOCK);
      this.free = 0;
      this.dropped = 0;
      this.textIds.clear();
    }
  }

  /** Time of the record that this thread stamped last, ns; 0: there is none. */
  get lastWrittenNs(): bigint {
    return this.lastNs[0]!;
  }

  /** Runs code whose records are no sign that the thread goes on (hold-watch.ts). */
  whenAsked(run: () => void): void {
    const { written } = this;
    this.isAsked = true;
    try {
      run();
    } finally {
      this.isAsked = false;
      add(this.words, this.row + RING_ROW.answers, 1);
      add(this.words, this.row + RING_ROW.asked, (this.written - written) | 0);
    }
  }

  private isAsked = false;

  close(): void {
    releaseRing(this.memory, this.row);
  }

  private commit(at: number, headWord: number): void {
    this.free--;
    this.words[at + 7] = headWord;
    this.written = (this.written + 1) | 0;
    if (ARE_STORES_ORDERED) this.words[this.headAt] = this.written;
    else store(this.words, this.headAt, this.written);
    if (this.words[CONTROL.shipper] !== SHIPPER.awake) this.helpShipper();
  }

  /** Whether `count` records fit now. Records first what was lost before. */
  private makeRoom(count: number): boolean {
    // In between other code the rings are not emptied (in-between.ts).
    if (this.isAsked) {
      this.updateFree();
      return this.free > count;
    }
    if (this.updateFree() > 0 && this.isShipperLate() && this.options.drain(false)) this.updateFree();
    if (this.free < count + 1) {
      if (this.options.whenFull === 'wait') {
        if (this.options.drain(true)) this.updateFree();
      } else this.waitForRoom(count + 1);
    }
    if (this.dropped > 0 && this.free > count) this.writeLost();
    return this.free >= count;
  }

  private makeRoomForDefinition(count: number): boolean {
    if (this.free >= count || this.makeRoom(count)) return true;
    if (this.isAsked) return false;
    if (this.options.drain(true)) this.updateFree();
    return this.free >= count;
  }

  /**
   * Reads how far the ring has been emptied, and does so again when `free` is used up. A ring that
   * fills faster than the shipper's rounds wakes the shipper when it is half full. One record stays
   * free, for recording what was lost.
   * @returns the number of records that were not shipped yet
   */
  private updateFree(): number {
    const used = (this.written - load(this.words, this.row + RING_ROW.tail)) | 0;
    if (used > this.capacity >> 1) notify(this.words, CONTROL.ending);
    const free = this.capacity - 1 - used;
    this.free = free > RECORDS_PER_LOOK ? RECORDS_PER_LOOK : free;
    return used;
  }

  private isShipperLate(): boolean {
    // It comes when it is due, or when `CONTROL.newsRecords` are there.
    if (this.words[CONTROL.shipper] === SHIPPER.late) return false;
    const drainedNs = this.memory.floats[CONTROL.drainedF64]!;
    return drainedNs > 0 && Number(builtIns.now()) - drainedNs > LATE_NS;
  }

  /** The ring is full: the program empties it, or waits while another thread does. */
  private waitForRoom(count: number): void {
    const nowNs = builtIns.now();
    if (nowNs < this.noWaitUntilNs) return;
    const untilNs = nowNs + MAX_WAIT_NS;
    do {
      const owner = load(this.words, CONTROL.lock);
      if (!this.options.drain(false) && owner !== 0) wait(this.words, CONTROL.lock, owner, 0.2);
      this.updateFree();
      if (this.free >= count) return;
    } while (builtIns.now() < untilNs);
    this.noWaitUntilNs = builtIns.now() + NO_WAIT_NS;
  }

  private drop(tNs: bigint): void {
    if (this.dropped++ === 0) this.droppedSinceNs = tNs;
    add(this.words, this.row + RING_ROW.dropped, 1);
  }

  private writeLost(): void {
    const { dropped, droppedSinceNs } = this;
    this.dropped = 0;
    const sinceLow = Number(droppedSinceNs & 0xffffffffn) | 0;
    const sinceHigh = Number(droppedSinceNs >> 32n);
    this.writeAt(this.clock(), KIND.lost, LOSS.ring, 0, dropped, 0, sinceLow, sinceHigh);
  }

  private helpShipper(): void {
    const { words } = this;
    const does = words[CONTROL.shipper];
    if (does === SHIPPER.late) {
      const used = (this.written - load(words, this.row + RING_ROW.tail)) | 0;
      if (used < words[CONTROL.newsRecords]!) return;
    }
    if (does !== SHIPPER.starting) {
      words[CONTROL.shipper] = SHIPPER.awake;
      notify(words, CONTROL.shipper);
      return;
    }
    const nowNs = builtIns.now();
    if (nowNs < this.nextStartRoundNs) return;
    this.nextStartRoundNs = nowNs + START_ROUND_NS;
    if (this.options.drain(false)) this.updateFree();
  }

  /**
   * Puts the text as UTF-8 into `encoded`: cut between characters when too long, padded with NUL.
   * @returns its length in bytes
   */
  private encode(text: string): number {
    const short = text.length > TEXT_MAX_BYTES ? slice(text, 0, TEXT_MAX_BYTES) : text;
    let { read, written } = encodeInto(this.encoder, short, this.whole);
    if (read < text.length) {
      ({ written } = encodeInto(this.encoder, short, this.cut));
      for (let i = 0; i < ELLIPSIS.length; i++) this.encoded[written++] = ELLIPSIS[i]!;
    }
    fillBytes(this.encoded, 0, written, written + TEXT_PIECE_BYTES);
    return written;
  }
}
