/**
 * The columns of a compact block while it is being written, and their assembly: each
 * grows by itself, and one that holds nothing but zeros is left out.
 */
export class ColumnWriter {
  readonly #bytes: Uint8Array[] = [];
  readonly #length: Uint32Array;
  /** All bytes of the column, or-ed. */
  readonly #any: Uint8Array;

  constructor(columns: number) {
    for (let i = 0; i < columns; i++) this.#bytes.push(NOTHING);
    this.#length = new Uint32Array(columns);
    this.#any = new Uint8Array(columns);
  }

  reset(): void {
    this.#length.fill(0);
    this.#any.fill(0);
  }

  /** Signed difference modulo 2³² as a zigzag varint: small either way is small. */
  difference(column: number, value: number, guess: number): void {
    const signed = (value - guess) | 0;
    this.varint(column, ((signed << 1) ^ (signed >> 31)) >>> 0);
  }

  varint(column: number, value: number): void {
    let at = this.#length[column]!;
    let bytes = this.#bytes[column]!;
    if (at + 5 > bytes.length) bytes = this.#grow(column, at + 5);
    let rest = value;
    while (rest > 127) {
      bytes[at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.#length[column] = at;
    if (value !== 0) this.#any[column] = 1;
  }

  /** The four bytes of a u32, lowest first, into four columns: like bytes beside like. */
  planes(column: number, value: number): void {
    this.#byte(column, value & 255);
    this.#byte(column + 1, (value >>> 8) & 255);
    this.#byte(column + 2, (value >>> 16) & 255);
    this.#byte(column + 3, value >>> 24);
  }

  bytes(column: number, source: Uint8Array, from: number, to: number): void {
    let at = this.#length[column]!;
    let bytes = this.#bytes[column]!;
    if (at + to - from > bytes.length) bytes = this.#grow(column, at + to - from);
    for (let i = from; i < to; i++) bytes[at++] = source[i]!;
    this.#length[column] = at;
    this.#any[column] = 1;
  }

  /**
   * The block: version, counts, heads, kinds, the directory of columns, the columns. Column 0 is
   * always there.
   */
  assemble(
    version: number,
    records: number,
    heads: Iterable<number>,
    held: readonly (readonly [kind: number, fields: number])[],
  ): Uint8Array {
    const preface = new Preface();
    preface.byte(version);
    preface.varint(records);
    const words = [...heads];
    preface.varint(words.length);
    for (const word of words) preface.word(word);
    preface.varint(held.length);
    for (const [kind, fields] of held) {
      preface.byte(kind);
      preface.byte(fields);
    }
    const used: number[] = [];
    let total = 0;
    for (let column = 0; column < this.#length.length; column++) {
      if (this.#length[column] === 0 || (column > 0 && this.#any[column] === 0)) continue;
      used.push(column);
      total += this.#length[column]!;
    }
    preface.varint(used.length);
    for (const column of used) {
      preface.varint(column);
      preface.varint(this.#length[column]!);
    }
    const block = new Uint8Array(preface.bytes.length + total);
    block.set(preface.bytes);
    let at = preface.bytes.length;
    for (const column of used) {
      block.set(this.#bytes[column]!.subarray(0, this.#length[column]!), at);
      at += this.#length[column]!;
    }
    return block;
  }

  #byte(column: number, value: number): void {
    const at = this.#length[column]!;
    let bytes = this.#bytes[column]!;
    if (at >= bytes.length) bytes = this.#grow(column, at + 1);
    bytes[at] = value;
    this.#length[column] = at + 1;
    if (value !== 0) this.#any[column] = 1;
  }

  #grow(column: number, least: number): Uint8Array {
    const grown = new Uint8Array(Math.max(256, least, this.#bytes[column]!.length * 2));
    grown.set(this.#bytes[column]!);
    this.#bytes[column] = grown;
    return grown;
  }
}

const NOTHING = new Uint8Array(0);

class Preface {
  readonly bytes: number[] = [];
  byte(value: number): void {
    this.bytes.push(value);
  }
  varint(value: number): void {
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.bytes.push((rest & 127) | 128);
    this.bytes.push(rest);
  }
  word(value: number): void {
    this.bytes.push(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
  }
}
