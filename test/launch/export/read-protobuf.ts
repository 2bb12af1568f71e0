/** Reads a protocol buffer without a schema: what was written, field by field. */
export interface ProtoField {
  readonly number: number;
  /** A varint or a fixed64, or the bytes of a text or message. */
  readonly value: number | Uint8Array;
}

/** @throws RangeError when the bytes are no protocol buffer */
export function readProtobuf(bytes: Uint8Array): ProtoField[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fields: ProtoField[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = view.getUint8(at++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const number = key >>> 3;
    const type = key & 7;
    if (type === 0) fields.push({ number, value: varint() });
    else if (type === 1) {
      fields.push({ number, value: Number(view.getBigUint64(at, true)) });
      at += 8;
    } else if (type === 2) {
      const length = varint();
      if (at + length > bytes.length)
        throw new RangeError(`a field of ${length} bytes ends behind the message`);
      fields.push({ number, value: bytes.subarray(at, at + length) });
      at += length;
    } else throw new RangeError(`there is no wire type ${type} here`);
  }
  return fields;
}
