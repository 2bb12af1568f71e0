/**
 * What tasks came back with from their waits, where the person asked for it: type, size, whether it
 * was an error. Values themselves are in no recording.
 */
import { growColumn } from './grow-column.ts';

/** The shape of a value. */
export interface ValueShape {
  /** A text: "string", "Order"; −1: not known. */
  readonly type: number;
  /** Index in SIZES; 0: the size is not known. */
  readonly unit: number;
  readonly size: number;
  /** It is an error that the wait threw. */
  readonly threw: boolean;
}

export interface RecordedValue extends ValueShape {
  readonly row: number;
  /** Where the wait began, and when; −1: not known. */
  readonly site: number;
  readonly sinceNs: number;
  /** When the task was about to go on. */
  readonly t: number;
}

/** A row's wait is that of its deepest frame; so many frames may come back before it. */
const MAX_FRAMES = 64;

export class ValueLog {
  count = 0;
  #site = new Int32Array(0);
  #type = new Int32Array(0);
  #size = new Uint32Array(0);
  #unit = new Uint8Array(0);
  #threw = new Uint8Array(0);
  #sinceNs = new Float64Array(0);
  #t = new Float64Array(0);
  /** By row: its entries, in the order of time. */
  readonly #byRow = new Map<number, number[]>();

  add({ row, site, type, size, unit, threw, sinceNs, t }: RecordedValue): void {
    const entry = this.count++;
    if (entry >= this.#t.length) this.#grow(Math.max(256, entry * 2));
    this.#site[entry] = site;
    this.#type[entry] = type;
    this.#size[entry] = size;
    this.#unit[entry] = unit;
    this.#threw[entry] = threw ? 1 : 0;
    this.#sinceNs[entry] = sinceNs;
    this.#t[entry] = t;
    const entries = this.#byRow.get(row);
    if (entries === undefined) this.#byRow.set(row, [entry]);
    else entries.push(entry);
  }

  /**
   * What ended the row's wait that began at this time and site; null: nothing was recorded of it.
   */
  ofWait(row: number, startNs: number, site: number): ValueShape | null {
    const entries = this.#byRow.get(row);
    if (entries === undefined) return null;
    const first = this.#firstFrom(entries, startNs);
    for (let i = first; i < entries.length && i < first + MAX_FRAMES; i++) {
      const entry = entries[i]!;
      if (this.#site[entry] === site && this.#sinceNs[entry]! <= startNs) return this.#shapeOf(entry);
    }
    return null;
  }

  /** What the row had come back with last by this time. */
  lastAt(row: number, t: number): RecordedValue | null {
    const entries = this.#byRow.get(row);
    if (entries === undefined) return null;
    const entry = entries[this.#firstFrom(entries, t + 1) - 1] ?? -1;
    if (entry < 0) return null;
    const [site, sinceNs, gotNs] = [this.#site[entry]!, this.#sinceNs[entry]!, this.#t[entry]!];
    return { ...this.#shapeOf(entry), row, site, sinceNs, t: gotNs };
  }

  /** Place of the row's first entry from this time on. */
  #firstFrom(entries: readonly number[], t: number): number {
    let from = 0;
    let to = entries.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#t[entries[middle]!]! < t) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #shapeOf(entry: number): ValueShape {
    return {
      type: this.#type[entry]!,
      unit: this.#unit[entry]!,
      size: this.#size[entry]!,
      threw: this.#threw[entry] === 1,
    };
  }

  #grow(capacity: number): void {
    this.#site = growColumn(this.#site, capacity);
    this.#type = growColumn(this.#type, capacity);
    this.#size = growColumn(this.#size, capacity);
    this.#unit = growColumn(this.#unit, capacity);
    this.#threw = growColumn(this.#threw, capacity);
    this.#sinceNs = growColumn(this.#sinceNs, capacity);
    this.#t = growColumn(this.#t, capacity);
  }
}
