/**
 * One damaged trace for each seed: records changed as a fault of a writer would change them, then
 * blocks and chunks as a faulty disk or a hostile hand would, with their checksums put right, so
 * that the readers behind the checksums are reached.
 */
import { deflateRawSync } from 'node:zlib';
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import {
  encodeBlockChunk,
  encodeEndChunk,
  encodePartChunk,
  encodeTraceHead,
} from '../../runtime/trace/format/trace-file.ts';
import type { Random } from './random.ts';
import type { Recording } from './seeds.ts';

/** Numbers at which readers go wrong: bounds of types, ids far out, nearly nothing. */
const EDGES = [0, 1, 2, 3, 7, 255, 256, 65_535, 1 << 20, 1 << 26, 0x7fffffff, 0x80000000, 0xffffffff];
/** Where a record's fields stand: time low and high, task, a, b, c, d. */
const FIELDS = [0, 4, 8, 12, 16, 20, 24];
const MAX_RECORDS = 4000;

export interface Damaged {
  /** A `*.simul` file. */
  readonly file: Uint8Array;
  /** The records that it was made of, by part: what part files of a recording would hold. */
  readonly parts: readonly Uint8Array[];
}

export function damage(random: Random, seeds: readonly Recording[]): Damaged {
  const recording = random.pick(seeds);
  const parts = recording.map((records) => {
    let damaged: Uint8Array = new Uint8Array(records);
    for (let times = random.below(6); times > 0; times--) damaged = damageRecords(random, damaged, records);
    return damaged;
  });
  return { file: random.isOneOf(4) ? damageFile(random, parts) : saved(random, parts), parts };
}

function damageRecords(random: Random, records: Uint8Array, original: Uint8Array): Uint8Array {
  const count = records.length / RECORD_BYTES;
  if (count === 0) return records;
  const view = new DataView(records.buffer, records.byteOffset, records.length);
  const at = random.below(count) * RECORD_BYTES;
  const other = random.below(count) * RECORD_BYTES;
  const recordAt = (offset: number): Uint8Array => records.slice(offset, offset + RECORD_BYTES);
  switch (random.below(12)) {
    case 0:
      view.setUint32(at + random.pick(FIELDS), random.pick(EDGES), true);
      return records;
    case 1:
      view.setUint32(at + random.pick(FIELDS), random.next(), true);
      return records;
    case 2: {
      // A field of another record: an id that exists, of the wrong kind of thing perhaps.
      const field = random.pick(FIELDS);
      view.setUint32(at + field, view.getUint32(other + random.pick(FIELDS), true), true);
      return records;
    }
    case 3:
      records[at + 31] = random.below(34);
      return records;
    case 4:
      records[at + 30] = random.below(256);
      return records;
    case 5:
      view.setUint16(at + 28, random.isOneOf(3) ? random.below(65_536) : random.below(4), true);
      return records;
    case 6: {
      const [one, two] = [recordAt(at), recordAt(other)];
      records.set(two, at);
      records.set(one, other);
      return records;
    }
    case 7:
      return joined([records.subarray(0, at), records.subarray(Math.max(at, other))]);
    case 8: {
      // A range again and again.
      const [from, to] = [Math.min(at, other), Math.max(at, other) + RECORD_BYTES];
      const times = Math.min(1 + random.below(40), Math.floor(MAX_RECORDS / ((to - from) / RECORD_BYTES)));
      const range = records.slice(from, to);
      const copies = Array.from({ length: Math.max(1, times) }, () => range);
      return joined([records.subarray(0, to), ...copies, records.subarray(to)]).slice(
        0,
        MAX_RECORDS * RECORD_BYTES,
      );
    }
    case 9: {
      // The times of all that follows: far back, far ahead, or all the same.
      const shift = random.pick([
        -(2n ** 62n),
        -1_000_000n,
        -1n,
        1n,
        10n ** 9n,
        10n ** 15n,
        2n ** 53n,
        2n ** 63n,
      ]);
      for (let i = at; i < records.length; i += RECORD_BYTES) {
        if (records[i + 31]! <= 2) continue;
        view.setBigUint64(i, BigInt.asUintN(64, view.getBigUint64(i, true) + shift), true);
        if (random.isOneOf(8)) break;
      }
      return records;
    }
    case 10:
      for (let times = 1 + random.below(8); times > 0; times--)
        records[at + random.below(32)] = random.below(256);
      return records;
    default:
      // What another process wrote with the same ids.
      return joined([records, original.subarray(0, random.below(count) * RECORD_BYTES)]).slice(
        0,
        MAX_RECORDS * RECORD_BYTES,
      );
  }
}

const partHead = (part: number) => ({
  pid: 41 + part,
  segment: 0,
  startNs: BigInt(1000 * part),
  wallNs: 1n,
  language: 1,
});

function saved(random: Random, parts: readonly Uint8Array[]): Uint8Array {
  const chunks = [encodeTraceHead()];
  let count = 0;
  parts.forEach((records, part) => {
    chunks.push(encodePartChunk(part, partHead(part)));
    const size = RECORD_BYTES * (random.isOneOf(3) ? 1 + random.below(64) : 65_536);
    for (let at = 0; at < records.length; at += size) {
      const block = records.slice(at, at + size);
      const compact = encodeBlock(block);
      chunks.push(
        encodeBlockChunk(part, block.length / RECORD_BYTES, compact.length, deflateRawSync(compact)),
      );
      count += block.length / RECORD_BYTES;
    }
  });
  return joined([...chunks, encodeEndChunk(count)]);
}

/** A file whose blocks and chunks are damaged before their checksums are made. */
function damageFile(random: Random, parts: readonly Uint8Array[]): Uint8Array {
  const chunks = [encodeTraceHead()];
  let count = 0;
  parts.forEach((records, index) => {
    const part = random.isOneOf(6) ? random.pick(EDGES) : index;
    if (!random.isOneOf(8)) chunks.push(encodePartChunk(part, partHead(index)));
    const compact = encodeBlock(records);
    for (let times = random.below(5); times > 0; times--)
      compact[random.below(random.isOneOf(2) ? Math.min(40, compact.length) : compact.length)] =
        random.below(256);
    const block = random.isOneOf(6) ? compact.slice(0, random.below(compact.length)) : compact;
    const deflated = deflateRawSync(block);
    if (random.isOneOf(6) && deflated.length > 0) deflated[random.below(deflated.length)] = random.below(256);
    const claimed = random.isOneOf(6) ? random.pick(EDGES) : records.length / RECORD_BYTES;
    const plain = random.isOneOf(8) ? random.pick(EDGES) : block.length;
    const chunk = encodeBlockChunk(part, claimed, plain, deflated);
    for (let times = random.isOneOf(5) ? 1 + random.below(20) : 1; times > 0; times--) chunks.push(chunk);
    count += claimed;
  });
  if (!random.isOneOf(6)) chunks.push(encodeEndChunk(count));
  const file = joined(chunks);
  // Now and then without the right checksum.
  if (random.isOneOf(5)) file[random.below(file.length)] = random.below(256);
  return random.isOneOf(8) ? file.slice(0, random.below(file.length)) : file;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
