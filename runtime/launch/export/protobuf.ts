/**
 * Writes protocol buffers (protobuf.dev/programming-guides/encoding), as much as a Perfetto trace
 * needs. It knows no schema: whoever writes names each field by its number.
 */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const MAX_SAFE_SHIFT = 2 ** 32;

export class ProtoMessage {
  #bytes = new Uint8Array(128);
  #length = 0;

  /** What was written. It is overwritten by what follows after `clear`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): this {
    this.#length = 0;
    return this;
  }

  /** A varint. @param value a whole number from 0 to 2⁵³ */
  uint(field: number, value: number): this {
    this.#varint(field * 8 + VARINT);
    this.#varint(value);
    return this;
  }

  fixed64(field: number, value: number): this {
    this.#varint(field * 8 + FIXED64);
    this.#reserve(8);
    const view = new DataView(this.#bytes.buffer, this.#length, 8);
    view.setUint32(0, value % MAX_SAFE_SHIFT, true);
    view.setUint32(4, Math.floor(value / MAX_SAFE_SHIFT), true);
    this.#length += 8;
    return this;
  }

  text(field: number, value: string): this {
    return this.#lengthDelimited(field, Buffer.from(value, 'utf8'));
  }

  message(field: number, value: ProtoMessage): this {
    return this.#lengthDelimited(field, value.bytes);
  }

  #lengthDelimited(field: number, bytes: Uint8Array): this {
    this.#varint(field * 8 + LENGTH);
    this.#varint(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  #varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const bigger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    bigger.set(this.#bytes);
    this.#bytes = bigger;
  }
}
