/**
 * Many rows of transitions: row r is in one state from t(i) until t(i + 1), the last one until
 * now. Appending costs the same however long the row is; so does forgetting one.
 *
 *   row ──▶ block of 4 … 1,024 slots ──(full)──▶ chunk, chunk, … of 1,024 each
 *                  │
 *                  └ over every 8, 64, 512 slots a node: for which share the row ran, was ready,
 *                    was blocked. Over 4,096, 32,768, … spans the same in arrays of the row's own.
 *
 * 14 bytes a span and 1.36 for the nodes. Times are whole ns; one earlier than its predecessor
 * counts as simultaneous with it: order in a row is the order of arrival.
 */
import {
  Arena,
  CHUNK_CLASS,
  CHUNK_SLOTS,
  copySlots,
  FAR_END,
  NODE_SHARES,
  PAGE_BITS,
  PAGE_SLOTS,
  SMALLEST_CLASS,
  type Page,
} from './arena.ts';
import { CLASS_OF_CODE } from './classes.ts';

const TWO_32 = 4_294_967_296;
/** High byte of a time too far from its chunk's base (18 minutes): it is in `#late`. */
export const LATE = 255;
const MASK = PAGE_SLOTS - 1;
const FULL = 65_535;

/** What a row of more than one chunk needs besides. */
interface Long {
  readonly chunks: number[];
  readonly bases: number[];
  /** Nodes over 4,096, 32,768, … spans. */
  readonly upper: Uint16Array[];
}

export interface TrackSpan {
  readonly index: number;
  readonly startNs: number;
  /** null: it goes on. */
  readonly endNs: number | null;
  readonly code: number;
  readonly ref: number;
  readonly target: number;
}

export class Tracks {
  readonly arena = new Arena();
  /** One more than the highest row that was ever appended to. */
  rows = 0;
  spans = 0;
  #count = new Uint32Array(64);
  #first = new Uint32Array(64);
  #sizeClass = new Uint8Array(64);
  #base = new Float64Array(64);
  /** Time of the row's newest span. */
  #last = new Float64Array(64);
  /**
   * Where the row grows: first slot and base of its newest block, and the index that needs new
   * room.
   */
  #tail = new Uint32Array(64);
  #tailBase = new Float64Array(64);
  #limit = new Uint32Array(64);
  readonly #long = new Map<number, Long>();
  readonly #late = new Map<number, number>();

  count(row: number): number {
    return row < this.rows ? this.#count[row]! : 0;
  }

  /**
   * Called about once an event: what a row's tail needs lies in arrays, and nothing is looked up.
   */
  append(row: number, tNs: number, code: number, ref: number, target: number): void {
    if (row >= this.rows) this.#begin(row);
    const index = this.#count[row]!;
    let t = Math.round(tNs);
    if (index > 0 && t < this.#last[row]!) t = this.#last[row]!;
    this.#last[row] = t;
    // Before there is new room: the eight spans that end here stand in the block at hand.
    if ((index & 7) === 0 && index > 0) this.#close(row, index, t);
    if (index === this.#limit[row]!) this.#room(row, index, t);
    const open = this.#tail[row]! + (index & 1023);
    const page = this.arena.pages[open >>> PAGE_BITS]!;
    const at = open & MASK;
    const offset = t - this.#tailBase[row]!;
    if (offset < TWO_32) page.low[at] = offset;
    else this.#writeFar(page, open, t, offset);
    page.code[at] = code;
    page.ref[at] = ref;
    page.target[at] = target;
    this.#count[row] = index + 1;
    this.spans++;
  }

  /** When the row's newest span began; 0 where there is none. */
  newestNs(row: number): number {
    return row < this.rows ? this.#last[row]! : 0;
  }

  /** Code of the row's newest span; 0 (unborn) where there is none. */
  newestCode(row: number): number {
    const index = this.count(row) - 1;
    if (index < 0) return 0;
    const slot = this.#tail[row]! + (index & 1023);
    return this.arena.pages[slot >>> PAGE_BITS]!.code[slot & MASK]!;
  }

  /**
   * Gives the row's newest span another code: the shares of earlier ones may be summed up already.
   * @returns when the span began.
   */
  recodeNewest(row: number, code: number): number {
    const slot = this.#tail[row]! + ((this.count(row) - 1) & 1023);
    this.arena.pages[slot >>> PAGE_BITS]!.code[slot & MASK] = code;
    return this.#last[row]!;
  }

  /** The row is gone; its room serves others. */
  release(row: number): void {
    const count = this.count(row);
    if (count === 0) return;
    const long = this.#long.get(row);
    const blocks = long ? long.chunks : [this.#first[row]!];
    const sizeClass = long ? CHUNK_CLASS : this.#sizeClass[row]!;
    for (const block of blocks) {
      if (this.#late.size > 0) this.#forgetLate(block, 1 << sizeClass);
      this.arena.release(block, sizeClass);
    }
    this.#long.delete(row);
    this.#count[row] = 0;
    this.#limit[row] = 0;
    this.spans -= count;
  }

  slot(row: number, index: number): number {
    if (index < CHUNK_SLOTS) return this.#first[row]! + index;
    return this.#long.get(row)!.chunks[index >>> 10]! + (index & 1023);
  }

  baseOf(row: number, index: number): number {
    return index < CHUNK_SLOTS ? this.#base[row]! : this.#long.get(row)!.bases[index >>> 10]!;
  }

  time(row: number, index: number): number {
    const slot = this.slot(row, index);
    return this.timeAt(this.arena.pages[slot >>> PAGE_BITS]!, slot, this.baseOf(row, index));
  }

  timeAt(page: Page, slot: number, base: number): number {
    const high = page.high[slot & MASK]!;
    if (high === LATE) return this.#late.get(slot)!;
    return base + high * TWO_32 + page.low[slot & MASK]!;
  }

  span(row: number, index: number): TrackSpan {
    const slot = this.slot(row, index);
    const page = this.arena.pages[slot >>> PAGE_BITS]!;
    const at = slot & MASK;
    return {
      index,
      startNs: this.time(row, index),
      endNs: index + 1 < this.count(row) ? this.time(row, index + 1) : null,
      code: page.code[at]!,
      ref: page.ref[at]!,
      target: page.target[at]!,
    };
  }

  /** Index of the span at t: the last that began at or before it; −1 before the first. */
  at(row: number, t: number): number {
    let from = 0;
    let to = this.count(row);
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.time(row, middle) <= t) from = middle + 1;
      else to = middle;
    }
    return from - 1;
  }

  /**
   * Shares over `8^(level + 1)` spans from `index` (a multiple of that), and their place in the
   * array.
   */
  nodes(row: number, index: number, level: number): Uint16Array {
    if (level > 2) return this.#long.get(row)!.upper[level - 3]!;
    return this.arena.pages[this.slot(row, index) >>> PAGE_BITS]!.nodes[level]!;
  }

  nodeAt(row: number, index: number, level: number): number {
    if (level > 2) return Math.floor(index / 8 ** (level + 1)) * NODE_SHARES;
    return ((this.slot(row, index) & MASK) >>> (3 * (level + 1))) * NODE_SHARES;
  }

  get bytes(): number {
    let bytes = this.arena.bytes + this.#count.length * 41 + this.#late.size * 48;
    for (const long of this.#long.values()) {
      bytes += long.chunks.length * 16;
      for (const nodes of long.upper) bytes += nodes.byteLength;
    }
    return bytes;
  }

  #begin(row: number): void {
    if (row >= this.#count.length) this.#growRows(row);
    this.rows = row + 1;
  }

  /** A time more than 4.29 s from its block's base. */
  #writeFar(page: Page, slot: number, t: number, offset: number): void {
    const at = slot & MASK;
    const high = Math.floor(offset / TWO_32);
    if (high >= LATE) {
      page.high[at] = LATE;
      this.#late.set(slot, t);
    } else {
      page.high[at] = high;
      page.low[at] = offset - high * TWO_32;
    }
  }

  /**
   * Makes room for span `index` and some more: in a block that grows to a chunk, then in the next
   * chunk.
   */
  #room(row: number, index: number, t: number): void {
    if (index === 0) {
      this.#sizeClass[row] = SMALLEST_CLASS;
      this.#base[row] = t;
      this.#first[row] = this.arena.allocate(SMALLEST_CLASS);
      this.#growAt(row, index, this.#first[row]!, t, 1 << SMALLEST_CLASS);
      return;
    }
    if (index < CHUNK_SLOTS) {
      const sizeClass = this.#sizeClass[row]!;
      this.#move(row, sizeClass);
      this.#growAt(row, index, this.#first[row]!, this.#base[row]!, 2 << sizeClass);
      return;
    }
    let long = this.#long.get(row);
    if (!long)
      this.#long.set(row, (long = { chunks: [this.#first[row]!], bases: [this.#base[row]!], upper: [] }));
    const chunk = this.arena.allocate(CHUNK_CLASS);
    long.chunks.push(chunk);
    long.bases.push(t);
    this.#growAt(row, index, chunk, t, index + CHUNK_SLOTS);
  }

  /**
   * The spans from `index` up to `limit` go into this block. Its high bytes may be left from
   * another row; `append` counts on zeros.
   */
  #growAt(row: number, index: number, slot: number, base: number, limit: number): void {
    const from = (slot & MASK) + (index & 1023);
    this.arena.pages[slot >>> PAGE_BITS]!.high.fill(0, from, from + limit - index);
    this.#tail[row] = slot;
    this.#tailBase[row] = base;
    this.#limit[row] = limit;
  }

  /** Into a block of twice the size, nodes included. */
  #move(row: number, sizeClass: number): void {
    const from = this.#first[row]!;
    const to = this.arena.allocate(sizeClass + 1);
    const size = 1 << sizeClass;
    const source = this.arena.pages[from >>> PAGE_BITS]!;
    const target = this.arena.pages[to >>> PAGE_BITS]!;
    copySlots(source, from & MASK, target, to & MASK, size);
    if (this.#late.size > 0) {
      for (let i = 0; i < size; i++) {
        const late = this.#late.get(from + i);
        if (late !== undefined) this.#late.set(to + i, late);
      }
      this.#forgetLate(from, size);
    }
    this.arena.release(from, sizeClass);
    this.#first[row] = to;
    this.#sizeClass[row] = sizeClass + 1;
  }

  #forgetLate(block: number, size: number): void {
    for (let i = 0; i < size; i++) this.#late.delete(block + i);
  }

  /**
   * Spans up to `index` are complete, the last of them at `t`: sums up every node that ends here.
   */
  #close(row: number, index: number, t: number): void {
    this.#closeLowest(row, index, t);
    let size = 64;
    for (let level = 1; index % size === 0; level++, size *= 8)
      this.#closeHigher(row, index - size, level, size, t);
  }

  #closeLowest(row: number, index: number, t: number): void {
    const slot = this.#tail[row]! + ((index - 8) & 1023);
    const page = this.arena.pages[slot >>> PAGE_BITS]!;
    const base = this.#tailBase[row]!;
    const { low, high, code, nodes, ends } = page;
    const at = slot & MASK;
    const startNs = this.timeAt(page, slot, base);
    let run = 0;
    let ready = 0;
    let blocked = 0;
    let fromNs = startNs;
    for (let i = at; i < at + 8; i++) {
      let toNs = t;
      if (i < at + 7) {
        const h = high[i + 1]!;
        toNs = h === 0 ? base + low[i + 1]! : this.timeAt(page, slot + 1 + i - at, base);
      }
      const kind = CLASS_OF_CODE[code[i]!]!;
      if (kind === 1) run += toNs - fromNs;
      else if (kind === 2) ready += toNs - fromNs;
      else if (kind === 3) blocked += toNs - fromNs;
      fromNs = toNs;
    }
    const scale = t > startNs ? FULL / (t - startNs) : 0;
    const lowest = nodes[0];
    ends[at >>> 3] = t - base < FAR_END ? t - base : FAR_END;
    const node = (at >>> 3) * NODE_SHARES;
    // Plus a half, cut off by the store: Math.round costs more than the rest of the line.
    lowest[node] = run * scale + 0.5;
    lowest[node + 1] = ready * scale + 0.5;
    lowest[node + 2] = blocked * scale + 0.5;
  }

  #closeHigher(row: number, first: number, level: number, size: number, t: number): void {
    let run = 0;
    let ready = 0;
    let blocked = 0;
    const startNs = this.time(row, first);
    let fromNs = startNs;
    for (let i = 0; i < 8; i++) {
      const index = first + (i * size) / 8;
      const toNs = i < 7 ? this.time(row, index + size / 8) : t;
      const below = this.nodes(row, index, level - 1);
      const at = this.nodeAt(row, index, level - 1);
      run += below[at]! * (toNs - fromNs);
      ready += below[at + 1]! * (toNs - fromNs);
      blocked += below[at + 2]! * (toNs - fromNs);
      fromNs = toNs;
    }
    const scale = fromNs > startNs ? 1 / (fromNs - startNs) : 0;
    if (level > 2) this.#roomAbove(row, first, level);
    const nodes = this.nodes(row, first, level);
    const at = this.nodeAt(row, first, level);
    nodes[at] = run * scale + 0.5;
    nodes[at + 1] = ready * scale + 0.5;
    nodes[at + 2] = blocked * scale + 0.5;
  }

  #roomAbove(row: number, first: number, level: number): void {
    const { upper } = this.#long.get(row)!;
    const needed = this.nodeAt(row, first, level) + NODE_SHARES;
    const old = upper[level - 3];
    if (old && old.length >= needed) return;
    const grown = new Uint16Array(Math.max(needed, (old?.length ?? 0) * 2, 8 * NODE_SHARES));
    if (old) grown.set(old);
    upper[level - 3] = grown;
  }

  #growRows(row: number): void {
    const capacity = Math.max(row + 1, this.#count.length * 2);
    const grow = <T extends Uint32Array | Uint8Array | Float64Array>(old: T, bigger: T): T => {
      bigger.set(old as never);
      return bigger;
    };
    this.#count = grow(this.#count, new Uint32Array(capacity));
    this.#first = grow(this.#first, new Uint32Array(capacity));
    this.#sizeClass = grow(this.#sizeClass, new Uint8Array(capacity));
    this.#base = grow(this.#base, new Float64Array(capacity));
    this.#last = grow(this.#last, new Float64Array(capacity));
    this.#tail = grow(this.#tail, new Uint32Array(capacity));
    this.#tailBase = grow(this.#tailBase, new Float64Array(capacity));
    this.#limit = grow(this.#limit, new Uint32Array(capacity));
  }
}
