/**
 * Room for transitions: pages of 32,768 slots, each slot one span, cut into blocks of 4 to 1,024
 * slots. A row with three transitions takes a block of four, so that 100,000 tasks share a few
 * pages; a row that goes gives its blocks back. A block never crosses a page, and is aligned to its
 * size, so the nodes over its slots (see tracks.ts) belong to it alone. It knows nothing of what is
 * stored.
 */
/** Memory is taken page by page: smaller pages leave less unused, larger ones are fewer to find. */
export const PAGE_BITS = 15;
export const PAGE_SLOTS = 1 << PAGE_BITS;
export const CHUNK_SLOTS = 1024;
export const SMALLEST_CLASS = 2;
export const CHUNK_CLASS = 10;
/** A node of the pyramid holds the shares of this many classes; the rest is the rest class. */
export const NODE_SHARES = 3;

export interface Page {
  /**
   * Time as an offset from the base of its chunk: ns = high · 2³² + low; high 255: see `Tracks`.
   */
  readonly low: Uint32Array;
  readonly high: Uint8Array;
  /** state | reason << 3 */
  readonly code: Uint8Array;
  readonly ref: Int32Array;
  readonly target: Int32Array;
  /** Over 8, 64 and 512 slots: shares of the node's duration, in 65,535ths. */
  readonly nodes: readonly [Uint16Array, Uint16Array, Uint16Array];
  /**
   * When every eighth span ends, as an offset from the base of its chunk; `FAR_END`: ask
   * `Tracks.time`. The end stands here a second time because coverage reads nothing else: with it a
   * full redraw of ten million spans reads 12 MB, without it 57.
   */
  readonly ends: Uint32Array;
}
export const FAR_END = 0xffffffff;

/**
 * Copies a block with its nodes. Plain loops: most blocks that move have four or eight slots, and a
 * view of so few costs more than they do (18 % of a fold).
 */
export function copySlots(source: Page, from: number, target: Page, to: number, size: number): void {
  for (let i = 0; i < size; i++) {
    target.low[to + i] = source.low[from + i]!;
    target.high[to + i] = source.high[from + i]!;
    target.code[to + i] = source.code[from + i]!;
    target.ref[to + i] = source.ref[from + i]!;
    target.target[to + i] = source.target[from + i]!;
  }
  for (let i = 0; i < size >>> 3; i++) target.ends[(to >>> 3) + i] = source.ends[(from >>> 3) + i]!;
  for (let level = 0, shift = 3; size >>> shift > 0; level++, shift += 3) {
    const below = source.nodes[level]!;
    const above = target.nodes[level]!;
    const [x, y] = [(from >>> shift) * NODE_SHARES, (to >>> shift) * NODE_SHARES];
    for (let i = 0; i < (size >>> shift) * NODE_SHARES; i++) above[y + i] = below[x + i]!;
  }
}

export class Arena {
  readonly pages: Page[] = [];
  readonly #free: number[][] = Array.from({ length: CHUNK_CLASS + 1 }, () => []);
  #nextChunk = 0;

  /** First slot of a block of 2^sizeClass slots. */
  allocate(sizeClass: number): number {
    const free = this.#free[sizeClass]!;
    const slot = free.pop();
    if (slot !== undefined) return slot;
    const chunk = this.#chunk();
    // A chunk is cut into equal blocks; the rest of them wait in the list, lowest last.
    for (let at = chunk + CHUNK_SLOTS - (1 << sizeClass); at > chunk; at -= 1 << sizeClass) free.push(at);
    return chunk;
  }

  release(slot: number, sizeClass: number): void {
    this.#free[sizeClass]!.push(slot);
  }

  get bytes(): number {
    const nodes = (PAGE_SLOTS / 8 + PAGE_SLOTS / 64 + PAGE_SLOTS / 512) * NODE_SHARES * 2;
    return this.pages.length * (PAGE_SLOTS * 14 + PAGE_SLOTS / 2 + nodes);
  }

  /** Free neighbours that were cut from one block are joined to it, from the smallest upwards. */
  #merge(): void {
    for (let sizeClass = SMALLEST_CLASS; sizeClass < CHUNK_CLASS; sizeClass++) {
      const free = this.#free[sizeClass]!.sort((a, b) => b - a);
      const kept: number[] = [];
      for (let i = 0; i < free.length; i++) {
        const low = free[i + 1];
        if (low !== undefined && (free[i]! ^ low) === 1 << sizeClass) {
          this.#free[sizeClass + 1]!.push(low);
          i++;
        } else kept.push(free[i]!);
      }
      this.#free[sizeClass] = kept;
    }
  }

  #chunk(): number {
    const chunks = this.#free[CHUNK_CLASS]!;
    // Before a new page is taken, small blocks that rows have grown out of become chunks again.
    if (chunks.length === 0 && this.#nextChunk === this.pages.length * PAGE_SLOTS) this.#merge();
    const free = chunks.pop();
    if (free !== undefined) return free;
    if (this.#nextChunk === this.pages.length * PAGE_SLOTS) this.pages.push(newPage());
    const chunk = this.#nextChunk;
    this.#nextChunk += CHUNK_SLOTS;
    return chunk;
  }
}

function newPage(): Page {
  const node = (span: number) => new Uint16Array((PAGE_SLOTS / span) * NODE_SHARES);
  return {
    low: new Uint32Array(PAGE_SLOTS),
    high: new Uint8Array(PAGE_SLOTS),
    code: new Uint8Array(PAGE_SLOTS),
    ref: new Int32Array(PAGE_SLOTS),
    target: new Int32Array(PAGE_SLOTS),
    nodes: [node(8), node(64), node(512)],
    ends: new Uint32Array(PAGE_SLOTS / 8),
  };
}
