/**
 * The saved trace, `*.simul`: a head, then chunks until the end chunk. A chunk stands alone, so a
 * damaged file opens as far as it is whole and the damage has a byte offset.
 *
 *   "SIMULTRC" · u16 version · 6 bytes 0
 *   chunk: u8 type ('P' part, 'B' block, 'I' identity, 'E' end) · 3 bytes 0 · u32 part ·
 *          u32 records · u32 plain bytes · u32 bytes ·
 *          u32 crc32 of all that (without the crc) and of the bytes · the bytes
 *
 *   P: the first 64 bytes of a part's head (part.ts), before the part's first block; not deflated
 *   B: a compact block (compact.ts) of `records` records and `plain` bytes, deflated raw
 *   I: where the recording was made, JSON that only `simul merge` reads; may be absent
 *   E: nothing; `records` is the file's number of records modulo 2³². Without it the file was cut.
 *
 * Deflating is the platform's: a process hands in zlib, a browser DecompressionStream. Every size
 * that a chunk claims is checked against a bound before anything is allocated for it. Nothing here
 * throws, whatever a file holds.
 */
import { BLOCK_MAX_RECORDS, decodeBlock } from './compact.ts';
import { crc32 } from './crc32.ts';
import { grouped } from './grouped.ts';
import { decodePartHead, encodePartHead, PART_HEAD_BYTES, type PartHead } from './part.ts';

export const TRACE_MAGIC = 'SIMULTRC';
export const TRACE_VERSION = 1;
export const TRACE_HEAD_BYTES = 16;
export const CHUNK_HEAD_BYTES = 24;
/** Records in a block that we write: enough for deflate, few enough for an early first picture. */
export const SAVED_BLOCK_RECORDS = 65_536;

/** A recording of the largest size, saved, has a tenth of this. */
export const MAX_TRACE_BYTES = 2 ** 30;

/** Why a file of so many bytes is not read. */
export const tooLarge = (bytes: number): string =>
  `it has ${grouped(bytes)} bytes, and no trace has more than ${grouped(MAX_TRACE_BYTES)}`;

/**
 * A file of n bytes may hold MIN_ALLOWED_RECORDS + n × MAX_RECORDS_PER_BYTE records. Recordings of
 * the tightest loops have 0.8 a byte (times do not repeat); made-up ones have hundreds, and a
 * hundred kilobytes of them would take gigabytes of memory.
 */
const MAX_RECORDS_PER_BYTE = 4;
const MIN_ALLOWED_RECORDS = 1 << 19;

const PART_BYTES = 64;
const TYPE = { part: 0x50, block: 0x42, identity: 0x49, end: 0x45 } as const;
const MAX_IDENTITY_BYTES = 2048;
/** No record takes more in a compact block, whatever it holds. */
const MAX_COMPACT_BYTES = 64;
const CRC_AT = 20;

export function encodeTraceHead(): Uint8Array {
  const bytes = new Uint8Array(TRACE_HEAD_BYTES);
  for (let i = 0; i < 8; i++) bytes[i] = TRACE_MAGIC.charCodeAt(i);
  new DataView(bytes.buffer).setUint16(8, TRACE_VERSION, true);
  return bytes;
}

export const encodePartChunk = (part: number, head: PartHead): Uint8Array =>
  encodeChunk(TYPE.part, part, 0, PART_BYTES, encodePartHead(head).subarray(0, PART_BYTES));

/** @param deflated the compact block, whose plain length is `plainBytes`, deflated raw */
export const encodeBlockChunk = (
  part: number,
  records: number,
  plainBytes: number,
  deflated: Uint8Array,
): Uint8Array => encodeChunk(TYPE.block, part, records, plainBytes, deflated);

/** @param json of at most 2 KiB */
export const encodeIdentityChunk = (json: Uint8Array): Uint8Array =>
  encodeChunk(TYPE.identity, 0, 0, json.length, json);

export const encodeEndChunk = (records: number): Uint8Array =>
  encodeChunk(TYPE.end, 0, records >>> 0, 0, new Uint8Array(0));

function encodeChunk(
  type: number,
  part: number,
  records: number,
  plainBytes: number,
  payload: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(CHUNK_HEAD_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = type;
  view.setUint32(4, part, true);
  view.setUint32(8, records, true);
  view.setUint32(12, plainBytes, true);
  view.setUint32(16, payload.length, true);
  bytes.set(payload, CHUNK_HEAD_BYTES);
  view.setUint32(CRC_AT, crcOf(bytes), true);
  return bytes;
}

const crcOf = (chunk: Uint8Array): number =>
  crc32(chunk.subarray(CHUNK_HEAD_BYTES), crc32(chunk.subarray(0, CRC_AT)));

export interface SavedPart {
  readonly part: number;
  readonly head: PartHead;
}

export interface SavedBlock {
  readonly part: number;
  readonly records: number;
  /** Of the compact block, before it was deflated: what inflating must give. */
  readonly plainBytes: number;
  /** Where its chunk begins in the file: what a sentence about damage names. */
  readonly offset: number;
  readonly deflated: Uint8Array;
}

export interface TraceFileContents {
  readonly parts: readonly SavedPart[];
  /** In the order of the file; whole as far as their checksums tell. */
  readonly blocks: readonly SavedBlock[];
  /** Where the recording was made, as it was written; null: it does not say. */
  readonly identity: Uint8Array | null;
  /** What is wrong from some byte on, one sentence; null: the file is whole. */
  readonly trouble: string | null;
}

/**
 * The contents of a trace file, or one sentence that says why it is none. Nothing is copied: the
 * blocks lie in `file`.
 */
export function readTraceFile(file: Uint8Array): TraceFileContents | string {
  if (file.length === 0) return 'it is empty';
  for (let i = 0; i < 8 && i < file.length; i++) {
    if (file[i] !== TRACE_MAGIC.charCodeAt(i)) return 'it is not a Simul trace: it does not begin like one';
  }
  if (file.length < TRACE_HEAD_BYTES) return `it was cut after ${file.length} bytes, within its head`;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const version = view.getUint16(8, true);
  if (version > TRACE_VERSION) {
    return `it was saved by a newer Simul (format ${version}; this one reads up to ${TRACE_VERSION})`;
  }
  if (version === 0) return 'its head is damaged (format 0)';

  const parts: SavedPart[] = [];
  const blocks: SavedBlock[] = [];
  const allowedRecords = MIN_ALLOWED_RECORDS + file.length * MAX_RECORDS_PER_BYTE;
  let records = 0;
  let identity: Uint8Array | null = null;
  let at = TRACE_HEAD_BYTES;
  const stop = (what: string): TraceFileContents => ({
    parts,
    blocks,
    identity,
    trouble: `${what}; ${records} records before that are whole`,
  });
  while (at < file.length) {
    if (file.length - at < CHUNK_HEAD_BYTES) return stop(`it was cut at byte ${file.length}`);
    const length = view.getUint32(at + 16, true);
    if (length > file.length - at - CHUNK_HEAD_BYTES) {
      return stop(`it was cut at byte ${file.length}, or is damaged at byte ${at}`);
    }
    const chunk = file.subarray(at, at + CHUNK_HEAD_BYTES + length);
    if (crcOf(chunk) !== view.getUint32(at + CRC_AT, true)) return stop(`it is damaged at byte ${at}`);
    const part = view.getUint32(at + 4, true);
    const count = view.getUint32(at + 8, true);
    const plainBytes = view.getUint32(at + 12, true);
    const payload = chunk.subarray(CHUNK_HEAD_BYTES);
    switch (file[at]) {
      case TYPE.part: {
        const head = headOf(payload);
        if (typeof head === 'string') return stop(`its part at byte ${at} cannot be read: ${head}`);
        parts.push({ part, head });
        break;
      }
      case TYPE.block:
        if (count > BLOCK_MAX_RECORDS || plainBytes > 4096 + count * MAX_COMPACT_BYTES) {
          return stop(`its block at byte ${at} claims ${count} records in ${plainBytes} bytes`);
        }
        if (records + count > allowedRecords) {
          return stop(`it has more than ${allowedRecords} records, too many for its ${file.length} bytes`);
        }
        blocks.push({ part, records: count, plainBytes, offset: at, deflated: payload });
        records += count;
        break;
      case TYPE.identity:
        if (length > MAX_IDENTITY_BYTES) return stop(`its identity at byte ${at} has ${length} bytes`);
        identity = payload;
        break;
      case TYPE.end:
        if (records >>> 0 !== count) return stop(`its end at byte ${at} counts ${count} records`);
        if (at + CHUNK_HEAD_BYTES < file.length) return stop(`something follows its end at byte ${at}`);
        return { parts, blocks, identity, trouble: null };
      default:
        return stop(`it has something unknown at byte ${at}`);
    }
    at += CHUNK_HEAD_BYTES + length;
  }
  return stop(`it was cut at byte ${at}: its end is missing`);
}

/**
 * The records of a block, once its bytes are inflated; or one sentence.
 * @param into where to put them, see `decodeBlock`
 */
export function recordsOf(block: SavedBlock, compact: Uint8Array, into?: Uint8Array): Uint8Array | string {
  if (compact.length !== block.plainBytes) {
    return `its block at byte ${block.offset} inflates to ${compact.length} of ${block.plainBytes} bytes`;
  }
  const records = decodeBlock(compact, into);
  if (typeof records === 'string') return `its block at byte ${block.offset} cannot be read: ${records}`;
  if (records.length !== block.records * 32) {
    return `its block at byte ${block.offset} holds ${records.length / 32} of ${block.records} records`;
  }
  return records;
}

function headOf(payload: Uint8Array): PartHead | string {
  if (payload.length !== PART_BYTES) return `it has ${payload.length} of ${PART_BYTES} bytes`;
  const bytes = new Uint8Array(PART_HEAD_BYTES);
  bytes.set(payload);
  return decodePartHead(bytes);
}
