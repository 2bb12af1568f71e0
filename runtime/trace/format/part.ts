/**
 * The head of a part file. A recording is a folder of them, one series of segments per process:
 *
 *   <pid>-<start>.0000.part   <pid>-<start>.0001.part   …     (start: hex of the process's first t)
 *
 * `<pid>-<start>.0007.kept.part` holds a checkpoint (checkpoint.ts) and stands for the segments up
 * to 0007: where both are there the segments do not count.
 *
 * Each begins with 4096 bytes of head, then records, appended and never rewritten. A
 * reader takes whole records only; what follows the last whole one is still being written.
 *
 *   0  "SIMULREC"            24  u64 start, monotonic ns
 *   8  u16 version           32  u64 start, wall ns
 *  10  u16 record bytes      40  u8  language (LANGUAGES)
 *  12  u32 head bytes
 *  16  u32 pid               41  what was lost, see below
 *  20  u32 segment number      4064  the process's end, where it found no room behind the others
 *
 * What is rewritten in place says what the whole process lost, and is final in its last segment:
 *
 *  41  u8  why nothing more is written (LOSSES; 0: it is)
 *  44  u32 records of threads that found no ring
 *  48  u64 records that full rings dropped or that were not written since writing stopped
 *  56  u64 since when, monotonic ns
 */
import { RECORD_BYTES } from './layout.ts';

export const PART_MAGIC = 'SIMULREC';
export const FORMAT_VERSION = 1;
export const PART_HEAD_BYTES = 4096;
export const PART_LOSS_OFFSET = 40;
const PART_LOSS_BYTES = 24;
/** A record of the head itself; its kind is 0 where there is none. */
export const PART_END_OFFSET = PART_HEAD_BYTES - RECORD_BYTES;

export interface PartHead {
  readonly pid: number;
  readonly segment: number;
  readonly startNs: bigint;
  readonly wallNs: bigint;
  readonly language: number;
}

export function encodePartHead(head: PartHead): Uint8Array {
  const bytes = new Uint8Array(PART_HEAD_BYTES);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 8; i++) bytes[i] = PART_MAGIC.charCodeAt(i);
  view.setUint16(8, FORMAT_VERSION, true);
  view.setUint16(10, RECORD_BYTES, true);
  view.setUint32(12, PART_HEAD_BYTES, true);
  view.setUint32(16, head.pid, true);
  view.setUint32(20, head.segment, true);
  view.setBigUint64(24, head.startNs, true);
  view.setBigUint64(32, head.wallNs, true);
  view.setUint8(40, head.language);
  return bytes;
}

/** The head, or one sentence saying what is wrong with it. Never throws. */
export function decodePartHead(bytes: Uint8Array): PartHead | string {
  if (bytes.length < PART_HEAD_BYTES)
    return `the head ends after ${bytes.length} of ${PART_HEAD_BYTES} bytes`;
  for (let i = 0; i < 8; i++) {
    if (bytes[i] !== PART_MAGIC.charCodeAt(i)) return 'it does not begin like a part of a recording';
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, PART_HEAD_BYTES);
  const version = view.getUint16(8, true);
  if (version > FORMAT_VERSION) {
    return `it was written by a newer Simul (format ${version}; this one reads up to ${FORMAT_VERSION})`;
  }
  const recordBytes = view.getUint16(10, true);
  const headBytes = view.getUint32(12, true);
  if (version === 0 || recordBytes !== RECORD_BYTES || headBytes !== PART_HEAD_BYTES) {
    return `its head is damaged (format ${version}, records of ${recordBytes} bytes)`;
  }
  return {
    pid: view.getUint32(16, true),
    segment: view.getUint32(20, true),
    startNs: view.getBigUint64(24, true),
    wallNs: view.getBigUint64(32, true),
    language: view.getUint8(40),
  };
}

/** What a process lost, as the head of its last segment says it. */
export interface PartLoss {
  readonly language: number;
  /** Index in LOSSES; 0: writing never stopped. */
  readonly why: number;
  readonly threadRecords: number;
  readonly records: number;
  readonly sinceNs: bigint;
}

/** The bytes from PART_LOSS_OFFSET on. */
export function encodePartLoss(loss: PartLoss): Uint8Array {
  const view = new DataView(new ArrayBuffer(PART_LOSS_BYTES));
  view.setUint8(0, loss.language);
  view.setUint8(1, loss.why);
  view.setUint32(4, loss.threadRecords, true);
  view.setBigUint64(8, BigInt(loss.records), true);
  view.setBigUint64(16, loss.sinceNs, true);
  return new Uint8Array(view.buffer);
}

/** @param head PART_HEAD_BYTES of them */
export function decodePartLoss(head: Uint8Array): PartLoss {
  const view = new DataView(head.buffer, head.byteOffset + PART_LOSS_OFFSET, PART_LOSS_BYTES);
  return {
    language: view.getUint8(0),
    why: view.getUint8(1),
    threadRecords: view.getUint32(4, true),
    records: Number(view.getBigUint64(8, true)),
    sinceNs: view.getBigUint64(16, true),
  };
}

export interface PartName {
  /** "4711-1a2b3c" */
  readonly series: string;
  readonly segment: number;
  /** It stands for all segments up to this one. */
  readonly isKept: boolean;
}

/** `4711-1a2b3c.0002.part` → its series and segment; null for any other name. */
export function parsePartName(name: string): PartName | null {
  const match = /^(\d+-[0-9a-f]+)\.(\d{4,})(\.kept)?\.part$/.exec(name);
  return match ? { series: match[1]!, segment: Number(match[2]), isKept: match[3] !== undefined } : null;
}

export function partName(pid: number, startNs: bigint, segment: number): string {
  return `${seriesName(pid, startNs)}.${String(segment).padStart(4, '0')}.part`;
}

export const seriesName = (pid: number, startNs: bigint): string => `${pid}-${startNs.toString(16)}`;

export const keptPartName = (series: string, segment: number): string =>
  `${series}.${String(segment).padStart(4, '0')}.kept.part`;

/**
 * Lies beside the parts. Whoever follows the recording touches it once a second; while it was
 * touched within this time the agents write at once what they otherwise write a little later.
 */
export const FOLLOWED_FILE = 'followed';
export const FOLLOWED_MS = 3000;
