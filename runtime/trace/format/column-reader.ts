/**
 * The columns of a compact block while it is being read. Each has a position that only moves
 * forward; what was read beyond a column's end is nonsense, and `leftOver` tells of it
 * afterwards, so that the inner loop needs no check. Never throws.
 */
export class ColumnReader {
  #bytes: Uint8Array = new Uint8Array(0);
  /** −1: the column was left out, it holds zeros. */
  readonly #at: Int32Array;
  readonly #end: Int32Array;

  constructor(columns: number) {
    this.#at = new Int32Array(columns);
    this.#end = new Int32Array(columns);
  }

  /** Reads the directory at `from`; the offset behind the last column, or what is wrong. */
  open(bytes: Uint8Array, from: number): string | null {
    this.#bytes = bytes;
    this.#at.fill(-1);
    const preface = new PrefaceReader(bytes, from);
    const count = preface.varint();
    if (count > this.#at.length) return `it claims ${count} columns`;
    const columns: { readonly column: number; readonly length: number }[] = [];
    for (let i = 0; i < count; i++) {
      const column = preface.varint();
      const length = preface.varint();
      if (preface.ended) return 'it ends within its list of columns';
      if (column >= this.#at.length || this.#at[column] !== -1)
        return `its column ${column} is none or comes twice`;
      this.#at[column] = 0;
      columns.push({ column, length });
    }
    let at = preface.at;
    for (const { column, length } of columns) {
      this.#at[column] = at;
      at += length;
      if (at > bytes.length) return `it ends within column ${column}`;
      this.#end[column] = at;
    }
    return at === bytes.length ? null : `${bytes.length - at} bytes follow its last column`;
  }

  /** Where a column begins among the bytes; −1: it was left out. */
  startOf(column: number): number {
    return this.#at[column]!;
  }

  lengthOf(column: number): number {
    return this.#at[column]! < 0 ? 0 : this.#end[column]! - this.#at[column]!;
  }

  varint(column: number): number {
    let at = this.#at[column]!;
    if (at < 0) return 0;
    const bytes = this.#bytes;
    let value = bytes[at++]! | 0;
    if (value > 127) {
      value &= 127;
      for (let shift = 7; shift < 35; shift += 7) {
        const next = bytes[at++]! | 0;
        value |= (next & 127) << shift;
        if (next < 128) break;
      }
    }
    this.#at[column] = at;
    return value;
  }

  /** The value of which `guess` was the guess, as an int32. */
  value(column: number, guess: number): number {
    const zigzag = this.varint(column);
    return (guess + ((zigzag >>> 1) ^ -(zigzag & 1))) | 0;
  }

  byte(column: number): number {
    const at = this.#at[column]!;
    if (at < 0) return 0;
    this.#at[column] = at + 1;
    return this.#bytes[at]! | 0;
  }

  /** Four bytes, lowest first, as an int32. */
  word(column: number): number {
    return (
      this.byte(column) | (this.byte(column) << 8) | (this.byte(column) << 16) | (this.byte(column) << 24)
    );
  }

  /** Null when the columns from this one on, and the first, were read to their ends exactly. */
  leftOver(from: number): string | null {
    for (let column = 0; column < this.#at.length; column++) {
      if (column > 0 && column < from) continue;
      const at = this.#at[column]!;
      if (at >= 0 && at !== this.#end[column]) {
        return `its column ${column} does not fit its number of records`;
      }
    }
    return null;
  }
}

/** The numbers before the columns. `ended`: it read beyond the last byte. */
export class PrefaceReader {
  readonly #bytes: Uint8Array;
  at: number;
  ended = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    if (this.at >= this.#bytes.length) this.ended = true;
    return this.#bytes[this.at++] ?? 0;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const next = this.byte();
      value |= (next & 127) << shift;
      if (next < 128) break;
    }
    return value >>> 0;
  }

  word(): number {
    return (this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24)) >>> 0;
  }
}
