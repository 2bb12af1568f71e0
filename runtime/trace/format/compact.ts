/**
 * Records, small: what a saved trace holds (deflated) and what travels to the panel.
 * A block stands alone. It stores column by column what the model (record-model.ts) did
 * not guess, because deflate finds more in a column of like things:
 *
 *   u8 version · varint records · varint heads · u32 each distinct word 7
 *   varint columns · for each: varint column, varint bytes · the columns, one after the other
 *
 *   column 0      index of each record's word 7 among the heads, varints
 *   column 1–4    byte 0–3 of the time since the lane's record before, all 1s: see column 5
 *   column 5      times that go back or far ahead: u64 each
 *   column 6      text pieces: their 24 bytes each
 *   16 + 8 × kind + field   what differs from the guess, zigzag varints; left out when nothing differs
 *
 * Any whole records survive the way there and back, also ones of unknown kinds and nonsense.
 * Both directions assume a little-endian machine, as the records themselves do.
 */
import { K, UNIT_NS } from './kinds.ts';
import { flagsOf, kindOf, laneOf, RECORD_BYTES, RECORD_WORDS, W } from './layout.ts';
import { ColumnReader, PrefaceReader } from './column-reader.ts';
import { ColumnWriter } from './column-writer.ts';
import { FIELD, FIELDS_A_KIND, RecordModel } from './record-model.ts';

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

/** What both directions keep while they go over a block; one for each direction, used again. */
class Pass {
  readonly model = new RecordModel();
  readonly lastLow = new Uint32Array(LANES);
  readonly lastHigh = new Uint32Array(LANES);
  reset(): void {
    this.model.reset();
    this.lastLow.fill(0);
    this.lastHigh.fill(0);
  }
  /** The lane's time moved on to (high, low); a step's record is followed by what came after the step. */
  moved(kind: number, flags: number, lane: number, low: number, high: number, a: number): void {
    if (kind === K.step) {
      const sum = low + a * UNIT_NS[flags & 3]!;
      this.lastLow[lane] = sum;
      this.lastHigh[lane] = high + Math.floor(sum / 0x100000000);
      return;
    }
    this.lastLow[lane] = low;
    this.lastHigh[lane] = high;
  }
}

let encoding: { readonly pass: Pass; readonly columns: ColumnWriter } | null = null;
let decoding: { readonly pass: Pass; readonly columns: ColumnReader } | null = null;

/** Whole records (a multiple of 32 bytes, at most BLOCK_MAX_RECORDS of them) as one block. */
export function encodeBlock(records: Uint8Array): Uint8Array {
  const count = records.length / RECORD_BYTES;
  if (!Number.isInteger(count) || count > BLOCK_MAX_RECORDS) {
    throw new Error(
      `encodeBlock takes whole records, at most ${BLOCK_MAX_RECORDS}; it got ${records.length} bytes`,
    );
  }
  encoding ??= { pass: new Pass(), columns: new ColumnWriter(COLUMNS) };
  const { pass, columns } = encoding;
  const { model, lastLow, lastHigh } = pass;
  pass.reset();
  columns.reset();
  const words = wordsOf(records);
  const heads = new Map<number, number>();
  let headBefore = -1;
  let headIndex = 0;

  for (let i = 0, w = 0; i < count; i++, w += RECORD_WORDS) {
    const head = words[w + W.head]!;
    if (head !== headBefore) {
      headBefore = head;
      const known = heads.get(head);
      headIndex = known ?? heads.size;
      if (known === undefined) heads.set(head, headIndex);
    }
    columns.varint(HEADS, headIndex);
    const kind = kindOf(head);
    const flags = flagsOf(head);
    const lane = laneOf(head) & (LANES - 1);
    const column = FIRST_FIELD + kind * FIELDS_A_KIND;
    const low = words[w + W.tLow]!;
    const high = words[w + W.tHigh]!;
    const task = words[w + W.task]!;
    const a = words[w + W.a]!;
    const b = words[w + W.b]!;
    const c = words[w + W.c]!;
    const d = words[w + W.d]!;

    if (kind === K.text) {
      columns.difference(column, task, model.guess(kind, FIELD.task, flags, lane, 0, 0, 0));
      model.took(kind, FIELD.task, task);
      columns.bytes(TEXTS, records, i * RECORD_BYTES, i * RECORD_BYTES + 8);
      columns.bytes(TEXTS, records, i * RECORD_BYTES + 12, i * RECORD_BYTES + 28);
      continue;
    }
    if (kind === K.site) {
      columns.difference(column + FIELD.tLow, low, 0);
      columns.difference(column + FIELD.tHigh, high, 0);
    } else {
      const carry = low < lastLow[lane]! ? 1 : 0;
      const since = (low - lastLow[lane]!) >>> 0;
      if (high === lastHigh[lane]! + carry && since !== FAR) {
        columns.planes(TIME, since);
      } else {
        columns.planes(TIME, FAR);
        columns.bytes(FAR_TIMES, records, i * RECORD_BYTES, i * RECORD_BYTES + 8);
      }
      pass.moved(kind, flags, lane, low, high, a);
    }

    if (kind === K.wake) {
      columns.difference(column + 1, a, model.guess(kind, FIELD.a, flags, lane, 0, 0, 0));
      model.took(kind, FIELD.a, a);
      columns.difference(column + 2, b, model.guess(kind, FIELD.b, flags, lane, 0, a, 0));
      model.took(kind, FIELD.b, b);
      columns.difference(column, task, model.guess(kind, FIELD.task, flags, lane, 0, a, b));
      model.took(kind, FIELD.task, task);
    } else {
      columns.difference(column, task, model.guess(kind, FIELD.task, flags, lane, 0, 0, 0));
      model.took(kind, FIELD.task, task);
      columns.difference(column + 1, a, model.guess(kind, FIELD.a, flags, lane, task, 0, 0));
      model.took(kind, FIELD.a, a);
      columns.difference(column + 2, b, model.guess(kind, FIELD.b, flags, lane, task, a, 0));
      model.took(kind, FIELD.b, b);
    }
    columns.difference(column + 3, c, model.guess(kind, FIELD.c, flags, lane, task, a, b));
    model.took(kind, FIELD.c, c);
    columns.difference(column + 4, d, model.guess(kind, FIELD.d, flags, lane, task, a, b));
    model.took(kind, FIELD.d, d);
    model.passed(kind, flags, lane, task, a, b);
  }
  return columns.assemble(COMPACT_VERSION, count, heads.keys());
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
  if (preface.ended) return 'the block is empty';
  if (version !== COMPACT_VERSION) {
    return `the block is of format ${version}; this Simul reads format ${COMPACT_VERSION}`;
  }
  // Column 0 has at least a byte for each record, so a claim is bounded by what was sent.
  if (count > BLOCK_MAX_RECORDS || count > bytes.length || headCount > count) {
    return `the block claims ${count} records with ${headCount} heads in ${bytes.length} bytes`;
  }
  const heads = new Uint32Array(headCount);
  for (let i = 0; i < headCount; i++) heads[i] = preface.word();
  if (preface.ended) return 'the block ends within its heads';

  decoding ??= { pass: new Pass(), columns: new ColumnReader(COLUMNS) };
  const { pass, columns } = decoding;
  const trouble = columns.open(bytes, preface.at);
  if (trouble !== null) return `the block is damaged: ${trouble}`;
  if (columns.lengthOf(HEADS) < count) return 'the block has fewer heads than records';
  const { model, lastLow, lastHigh } = pass;
  pass.reset();
  const size = count * RECORD_BYTES;
  const records =
    into !== undefined && into.length >= size && into.byteOffset % 4 === 0
      ? into.subarray(0, size)
      : new Uint8Array(size);
  const words = new Uint32Array(records.buffer, records.byteOffset, count * RECORD_WORDS);

  for (let i = 0, w = 0; i < count; i++, w += RECORD_WORDS) {
    const headIndex = columns.varint(HEADS);
    if (headIndex >= headCount)
      return `the block is damaged: record ${i} has head ${headIndex} of ${headCount}`;
    const head = heads[headIndex]!;
    const kind = kindOf(head);
    const flags = flagsOf(head);
    const lane = laneOf(head) & (LANES - 1);
    const column = FIRST_FIELD + kind * FIELDS_A_KIND;
    words[w + W.head] = head;

    if (kind === K.text) {
      const id = columns.value(column, model.guess(kind, FIELD.task, flags, lane, 0, 0, 0));
      model.took(kind, FIELD.task, id);
      words[w + W.tLow] = columns.word(TEXTS);
      words[w + W.tHigh] = columns.word(TEXTS);
      words[w + W.task] = id;
      for (let field: number = W.a; field <= W.d; field++) words[w + field] = columns.word(TEXTS);
      continue;
    }
    let low = 0;
    let high = 0;
    if (kind === K.site) {
      low = columns.value(column + FIELD.tLow, 0);
      high = columns.value(column + FIELD.tHigh, 0);
    } else {
      const since =
        (columns.byte(TIME) |
          (columns.byte(TIME + 1) << 8) |
          (columns.byte(TIME + 2) << 16) |
          (columns.byte(TIME + 3) << 24)) >>>
        0;
      if (since === FAR) {
        low = columns.word(FAR_TIMES);
        high = columns.word(FAR_TIMES);
      } else {
        const sum = lastLow[lane]! + since;
        low = sum >>> 0;
        high = sum > FAR ? lastHigh[lane]! + 1 : lastHigh[lane]!;
      }
    }
    words[w + W.tLow] = low;
    words[w + W.tHigh] = high;

    let task = 0;
    let a = 0;
    let b = 0;
    if (kind === K.wake) {
      a = columns.value(column + 1, model.guess(kind, FIELD.a, flags, lane, 0, 0, 0));
      model.took(kind, FIELD.a, a);
      b = columns.value(column + 2, model.guess(kind, FIELD.b, flags, lane, 0, a, 0));
      model.took(kind, FIELD.b, b);
      task = columns.value(column, model.guess(kind, FIELD.task, flags, lane, 0, a, b));
      model.took(kind, FIELD.task, task);
    } else {
      task = columns.value(column, model.guess(kind, FIELD.task, flags, lane, 0, 0, 0));
      model.took(kind, FIELD.task, task);
      a = columns.value(column + 1, model.guess(kind, FIELD.a, flags, lane, task, 0, 0));
      model.took(kind, FIELD.a, a);
      b = columns.value(column + 2, model.guess(kind, FIELD.b, flags, lane, task, a, 0));
      model.took(kind, FIELD.b, b);
    }
    const c = columns.value(column + 3, model.guess(kind, FIELD.c, flags, lane, task, a, b));
    model.took(kind, FIELD.c, c);
    const d = columns.value(column + 4, model.guess(kind, FIELD.d, flags, lane, task, a, b));
    model.took(kind, FIELD.d, d);
    words[w + W.task] = task;
    words[w + W.a] = a;
    words[w + W.b] = b;
    words[w + W.c] = c;
    words[w + W.d] = d;
    if (kind !== K.site) pass.moved(kind, flags, lane, low, high, a);
    model.passed(kind, flags, lane, task, a, b);
  }
  const left = columns.leftOver();
  return left === null ? records : `the block is damaged: ${left}`;
}

/** The records as words; copied when they do not lie at a multiple of four bytes. */
function wordsOf(records: Uint8Array): Uint32Array {
  const aligned = records.byteOffset % 4 === 0 ? records : records.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}
