/**
 * Records, small: what a saved trace holds (deflated) and what travels to the panel.
 * A block stands alone. It stores column by column what the model (record-model.ts) did
 * not guess, because deflate finds more in a column of like things:
 *
 *   u8 version · varint records · varint heads · u32 each distinct word 7
 *   varint kinds · for each: u8 kind, u8 mask of the fields it ever holds (others: 0, not coded)
 *   varint columns · for each: varint column, varint bytes · the columns, one after the other
 *
 *   column 0      index of each record's word 7 among the heads, varints
 *   column 1–4    byte 0–3 of the time since the lane's record before, all 1s: see column 5
 *   column 5      times that go back or far ahead: u64 each
 *   column 6      text pieces: their 24 bytes each
 *   16 + 8 × kind + field   differences from the guess, zigzag varints; left out when all are 0
 *
 * Any whole record survives the way there and back, one of an unknown kind or nonsense too.
 * Both directions assume a little-endian machine, as the records themselves do.
 */
import { KIND, UNIT_NS } from './kinds.ts';
import { flagsOf, kindOf, laneOf, RECORD_BYTES, RECORD_WORDS, W } from './layout.ts';
import { ColumnReader, PrefaceReader } from './column-reader.ts';
import { ColumnWriter } from './column-writer.ts';
import { type Coder, FIELD, FIELDS_A_KIND, HOLDS, RecordModel } from './record-model.ts';

export const COMPACT_VERSION = 1;
/** A reader refuses larger blocks, so a block cannot make it allocate more than 32 MiB. */
export const BLOCK_MAX_RECORDS = 1 << 20;

const HEADS = 0;
const TIME = 1;
const FAR_TIMES = 5;
const TEXTS = 6;
const FIRST_FIELD = 16;
const COLUMNS = FIRST_FIELD + 256 * FIELDS_A_KIND;
const FAR = 0xffffffff;
/** Lanes are told apart by their low bits: a clash costs bytes, nothing else. */
const LANES = 1 << 10;

/** What both directions keep while they go over a block: the words, the model, each lane's time. */
abstract class Pass implements Coder {
  words: Int32Array = new Int32Array(0);
  readonly model = new RecordModel(this);
  readonly lastLow = new Uint32Array(LANES);
  readonly lastHigh = new Uint32Array(LANES);
  /** By kind: the fields that are not 0 in every record of the block, a mask of HOLDS. */
  readonly held = new Uint8Array(256);

  abstract field(column: number, guess: number, at: number): number;

  reset(words: Int32Array): void {
    this.words = words;
    this.model.reset();
    this.lastLow.fill(0);
    this.lastHigh.fill(0);
    this.held.fill(0);
  }

  /** The lane's time moves on to (high, low); after a step it is the time when the step ended. */
  moved(kind: number, flags: number, lane: number, w: number): void {
    const low = this.words[w + W.tLow]!;
    const high = this.words[w + W.tHigh]!;
    this.lastLow[lane] = low;
    this.lastHigh[lane] = high;
    if (kind !== KIND.step) return;
    const sum = (low >>> 0) + (this.words[w + W.a]! >>> 0) * UNIT_NS[flags & 3]!;
    this.lastLow[lane] = sum;
    this.lastHigh[lane] = high + Math.floor(sum / 0x100000000);
  }
}

class Encoding extends Pass {
  readonly columns = new ColumnWriter(COLUMNS);
  field(column: number, guess: number, at: number): number {
    const value = this.words[at]!;
    this.columns.difference(FIRST_FIELD + column, value, guess);
    return value;
  }
}

class Decoding extends Pass {
  readonly columns = new ColumnReader(COLUMNS);
  field(column: number, guess: number, at: number): number {
    const value = this.columns.value(FIRST_FIELD + column, guess);
    this.words[at] = value;
    return value;
  }
}

/** One of each, used again: their tables are larger than most blocks. */
let encoding: Encoding | null = null;
let decoding: Decoding | null = null;

/** Whole records (a multiple of 32 bytes, at most BLOCK_MAX_RECORDS of them) as one block. */
export function encodeBlock(records: Uint8Array): Uint8Array {
  const count = records.length / RECORD_BYTES;
  if (!Number.isInteger(count) || count > BLOCK_MAX_RECORDS) {
    throw new Error(
      `encodeBlock takes whole records, at most ${BLOCK_MAX_RECORDS}; it got ${records.length} bytes`,
    );
  }
  const pass = (encoding ??= new Encoding());
  const { model, lastLow, lastHigh, held, columns } = pass;
  const words = wordsOf(records);
  pass.reset(words);
  columns.reset();
  const kinds = heldFields(words, held);
  const heads = new Map<number, number>();
  let headBefore = 0;
  let headIndex = -1;

  for (let i = 0, w = 0; i < count; i++, w += RECORD_WORDS) {
    const head = words[w + W.head]!;
    if (head !== headBefore || headIndex < 0) {
      headBefore = head;
      const known = heads.get(head);
      headIndex = known ?? heads.size;
      if (known === undefined) heads.set(head, headIndex);
    }
    columns.varint(HEADS, headIndex);
    const kind = kindOf(head);
    const flags = flagsOf(head);
    const lane = laneOf(head) & (LANES - 1);
    if (kind === KIND.text) {
      columns.bytes(TEXTS, records, i * RECORD_BYTES, i * RECORD_BYTES + 8);
      columns.bytes(TEXTS, records, i * RECORD_BYTES + 12, i * RECORD_BYTES + 28);
      model.code(kind, flags, lane, w, held[kind]! & HOLDS.task);
      continue;
    }
    if (kind === KIND.site) {
      pass.field(kind * FIELDS_A_KIND + FIELD.tLow, 0, w + W.tLow);
      pass.field(kind * FIELDS_A_KIND + FIELD.tHigh, 0, w + W.tHigh);
      model.code(kind, flags, lane, w, held[kind]!);
      continue;
    }
    const low = words[w + W.tLow]! >>> 0;
    const high = words[w + W.tHigh]! >>> 0;
    const carry = low < lastLow[lane]! ? 1 : 0;
    const since = (low - lastLow[lane]!) >>> 0;
    if (high === lastHigh[lane]! + carry && since !== FAR) {
      columns.planes(TIME, since);
    } else {
      columns.planes(TIME, FAR);
      columns.bytes(FAR_TIMES, records, i * RECORD_BYTES, i * RECORD_BYTES + 8);
    }
    model.code(kind, flags, lane, w, held[kind]!);
    pass.moved(kind, flags, lane, w);
  }
  return columns.assemble(COMPACT_VERSION, count, heads.keys(), kinds);
}

/**
 * The records of a block, or one sentence saying what is wrong with it. Never throws.
 * @param into where to put them, if it is large enough and lies at a multiple of four bytes
 */
export function decodeBlock(bytes: Uint8Array, into?: Uint8Array): Uint8Array | string {
  const preface = new PrefaceReader(bytes, 0);
  const version = preface.byte();
  const count = preface.varint();
  const headCount = preface.varint();
  if (bytes.length === 0) return 'the block is empty';
  if (version !== COMPACT_VERSION) {
    return `the block is of format ${version}; this Simul reads format ${COMPACT_VERSION}`;
  }
  // Column 0 has at least a byte for each record, so a claim is bounded by what was sent.
  if (count > BLOCK_MAX_RECORDS || count > bytes.length || headCount > count) {
    return `the block claims ${count} records with ${headCount} heads in ${bytes.length} bytes`;
  }
  const heads = new Int32Array(headCount);
  for (let i = 0; i < headCount; i++) heads[i] = preface.word();

  const pass = (decoding ??= new Decoding());
  const { model, lastLow, lastHigh, held, columns } = pass;
  pass.reset(pass.words);
  const kinds = preface.varint();
  for (let i = 0; i < kinds && i < 256; i++) {
    const kind = preface.byte();
    held[kind] = preface.byte();
  }
  if (preface.ended) return 'the block ends before its columns';
  const trouble = columns.open(bytes, preface.at);
  if (trouble !== null) return `the block is damaged: ${trouble}`;
  if (columns.lengthOf(HEADS) < count) return 'the block has fewer heads than records';
  const records = roomFor(count, into);
  const words = wordsOf(records);
  pass.words = words;
  // The planes of the time go side by side: one place for the four.
  const time0 = columns.startOf(TIME);
  const time1 = columns.startOf(TIME + 1);
  const time2 = columns.startOf(TIME + 2);
  const time3 = columns.startOf(TIME + 3);
  let timed = 0;

  for (let i = 0, w = 0; i < count; i++, w += RECORD_WORDS) {
    const headIndex = columns.varint(HEADS);
    if (headIndex < 0 || headIndex >= headCount) {
      return `the block is damaged: record ${i} has head ${headIndex} of ${headCount}`;
    }
    const head = heads[headIndex]!;
    const kind = kindOf(head);
    const flags = flagsOf(head);
    const lane = laneOf(head) & (LANES - 1);
    words[w + W.head] = head;
    if (kind === KIND.text) {
      words[w + W.tLow] = columns.word(TEXTS);
      words[w + W.tHigh] = columns.word(TEXTS);
      for (let field: number = W.a; field <= W.d; field++) words[w + field] = columns.word(TEXTS);
      model.code(kind, flags, lane, w, held[kind]! & HOLDS.task);
      continue;
    }
    if (kind === KIND.site) {
      pass.field(kind * FIELDS_A_KIND + FIELD.tLow, 0, w + W.tLow);
      pass.field(kind * FIELDS_A_KIND + FIELD.tHigh, 0, w + W.tHigh);
      model.code(kind, flags, lane, w, held[kind]!);
      continue;
    }
    let since = 0;
    if (time0 >= 0) since |= bytes[time0 + timed]!;
    if (time1 >= 0) since |= bytes[time1 + timed]! << 8;
    if (time2 >= 0) since |= bytes[time2 + timed]! << 16;
    if (time3 >= 0) since |= bytes[time3 + timed]! << 24;
    timed++;
    if (since === -1) {
      words[w + W.tLow] = columns.word(FAR_TIMES);
      words[w + W.tHigh] = columns.word(FAR_TIMES);
    } else {
      const sum = lastLow[lane]! + (since >>> 0);
      words[w + W.tLow] = sum;
      words[w + W.tHigh] = sum > FAR ? lastHigh[lane]! + 1 : lastHigh[lane]!;
    }
    model.code(kind, flags, lane, w, held[kind]!);
    pass.moved(kind, flags, lane, w);
  }
  for (let plane = TIME; plane < TIME + 4; plane++) {
    if (columns.startOf(plane) >= 0 && columns.lengthOf(plane) !== timed) {
      return `the block is damaged: its column ${plane} does not fit its number of records`;
    }
  }
  const left = columns.leftOver(FAR_TIMES);
  return left === null ? records : `the block is damaged: ${left}`;
}

/** Zeros for so many records, in the given room if it serves. */
function roomFor(count: number, into: Uint8Array | undefined): Uint8Array {
  const size = count * RECORD_BYTES;
  if (into === undefined || into.length < size || into.byteOffset % 4 !== 0) return new Uint8Array(size);
  return into.subarray(0, size).fill(0);
}

/**
 * Which fields of each kind are not 0 in some record of the block: filled into `held`, and returned
 * as the list with which the block begins.
 */
function heldFields(words: Int32Array, held: Uint8Array): (readonly [kind: number, fields: number])[] {
  for (let w = 0; w < words.length; w += RECORD_WORDS) {
    const kind = words[w + W.head]! >>> 24;
    let mask = 0;
    if (words[w + W.task] !== 0) mask |= HOLDS.task;
    if (words[w + W.a] !== 0) mask |= HOLDS.a;
    if (words[w + W.b] !== 0) mask |= HOLDS.b;
    if (words[w + W.c] !== 0) mask |= HOLDS.c;
    if (words[w + W.d] !== 0) mask |= HOLDS.d;
    held[kind]! |= mask;
  }
  const list: (readonly [kind: number, fields: number])[] = [];
  held.forEach((fields, kind) => {
    if (fields !== 0) list.push([kind, fields]);
  });
  return list;
}

/** The records as words, in place; copied when they do not lie at a multiple of four bytes. */
function wordsOf(records: Uint8Array): Int32Array {
  const aligned = records.byteOffset % 4 === 0 ? records : new Uint8Array(records);
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}
