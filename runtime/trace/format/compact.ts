/**
 * Records, small: what a saved trace holds (deflated) and what travels to the panel.
 * A block stands alone. It stores column by column what the model (record-model.ts) did
 * not guess, because deflate finds more in a column of like things:
 *
 *   u8 version · varint records · varint heads · u32 each distinct word 7
 *   varint kinds · for each: u8 kind, u8 mask of the fields that it ever holds (others are 0, not coded)
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

const HOLDS = { task: 1, a: 2, b: 4, c: 8, d: 16 } as const;

/** What both directions keep while they go over a block; one for each direction, used again. */
class Pass {
  readonly model = new RecordModel();
  readonly lastLow = new Uint32Array(LANES);
  readonly lastHigh = new Uint32Array(LANES);
  /** By kind: the fields that are not 0 in every record of the block, a mask of HOLDS. */
  readonly held = new Uint8Array(256);
  reset(): void {
    this.model.reset();
    this.lastLow.fill(0);
    this.lastHigh.fill(0);
    this.held.fill(0);
  }
  /** The lane's time moved on to (high, low); a step's record is followed by what came after the step. */
  moved(kind: number, flags: number, lane: number, low: number, high: number, a: number): void {
    if (kind === K.step) {
      const sum = low + (a >>> 0) * UNIT_NS[flags & 3]!;
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
  const { model, lastLow, lastHigh, held } = pass;
  pass.reset();
  columns.reset();
  const words = wordsOf(records);
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
    const holds = held[kind]!;
    const column = FIRST_FIELD + kind * FIELDS_A_KIND;
    const task = words[w + W.task]!;
    const a = words[w + W.a]!;
    const b = words[w + W.b]!;

    if (kind === K.text) {
      columns.difference(column, task, model.guess(kind, FIELD.task, flags, lane, 0, 0, 0));
      model.took(kind, FIELD.task, task);
      columns.bytes(TEXTS, records, i * RECORD_BYTES, i * RECORD_BYTES + 8);
      columns.bytes(TEXTS, records, i * RECORD_BYTES + 12, i * RECORD_BYTES + 28);
      continue;
    }
    if (kind === K.site) {
      columns.difference(column + FIELD.tLow, words[w + W.tLow]!, 0);
      columns.difference(column + FIELD.tHigh, words[w + W.tHigh]!, 0);
    } else {
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
      pass.moved(kind, flags, lane, low, high, a);
    }

    const wakes = kind === K.wake;
    if ((holds & HOLDS.task) !== 0 && !wakes) {
      columns.difference(column, task, model.guess(kind, FIELD.task, flags, lane, 0, 0, 0));
      model.took(kind, FIELD.task, task);
    }
    if ((holds & HOLDS.a) !== 0) {
      const known = wakes ? 0 : task;
      columns.difference(column + 1, a, model.guess(kind, FIELD.a, flags, lane, known, 0, 0));
      model.took(kind, FIELD.a, a);
    }
    if ((holds & HOLDS.b) !== 0) {
      const known = wakes ? 0 : task;
      columns.difference(column + 2, b, model.guess(kind, FIELD.b, flags, lane, known, a, 0));
      model.took(kind, FIELD.b, b);
    }
    if ((holds & HOLDS.task) !== 0 && wakes) {
      columns.difference(column, task, model.guess(kind, FIELD.task, flags, lane, 0, a, b));
      model.took(kind, FIELD.task, task);
    }
    if ((holds & HOLDS.c) !== 0) {
      const c = words[w + W.c]!;
      columns.difference(column + 3, c, model.guess(kind, FIELD.c, flags, lane, task, a, b));
      model.took(kind, FIELD.c, c);
    }
    if ((holds & HOLDS.d) !== 0) {
      const d = words[w + W.d]!;
      columns.difference(column + 4, d, model.guess(kind, FIELD.d, flags, lane, task, a, b));
      model.took(kind, FIELD.d, d);
    }
    model.passed(kind, flags, lane, task, a, b);
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

  decoding ??= { pass: new Pass(), columns: new ColumnReader(COLUMNS) };
  const { pass, columns } = decoding;
  const { model, lastLow, lastHigh, held } = pass;
  pass.reset();
  const kinds = preface.varint();
  for (let i = 0; i < kinds && i < 256; i++) {
    const kind = preface.byte();
    held[kind] = preface.byte();
  }
  if (preface.ended) return 'the block ends before its columns';
  const trouble = columns.open(bytes, preface.at);
  if (trouble !== null) return `the block is damaged: ${trouble}`;
  if (columns.lengthOf(HEADS) < count) return 'the block has fewer heads than records';
  const size = count * RECORD_BYTES;
  const records =
    into !== undefined && into.length >= size && into.byteOffset % 4 === 0
      ? into.subarray(0, size)
      : new Uint8Array(size);
  const words = new Int32Array(records.buffer, records.byteOffset, count * RECORD_WORDS);
  // The planes of the time go side by side.
  const [time0, time1, time2, time3] = [0, 1, 2, 3].map((plane) => columns.startOf(TIME + plane)) as [
    number,
    number,
    number,
    number,
  ];
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
    const holds = held[kind]!;
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
      let since = 0;
      if (time0 >= 0) since |= bytes[time0 + timed]!;
      if (time1 >= 0) since |= bytes[time1 + timed]! << 8;
      if (time2 >= 0) since |= bytes[time2 + timed]! << 16;
      if (time3 >= 0) since |= bytes[time3 + timed]! << 24;
      timed++;
      if (since === -1) {
        low = columns.word(FAR_TIMES) >>> 0;
        high = columns.word(FAR_TIMES) >>> 0;
      } else {
        const sum = lastLow[lane]! + (since >>> 0);
        low = sum >>> 0;
        high = sum > FAR ? lastHigh[lane]! + 1 : lastHigh[lane]!;
      }
    }
    words[w + W.tLow] = low;
    words[w + W.tHigh] = high;

    const wakes = kind === K.wake;
    let task = 0;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    if ((holds & HOLDS.task) !== 0 && !wakes) {
      task = columns.value(column, model.guess(kind, FIELD.task, flags, lane, 0, 0, 0));
      model.took(kind, FIELD.task, task);
    }
    if ((holds & HOLDS.a) !== 0) {
      a = columns.value(column + 1, model.guess(kind, FIELD.a, flags, lane, task, 0, 0));
      model.took(kind, FIELD.a, a);
    }
    if ((holds & HOLDS.b) !== 0) {
      b = columns.value(column + 2, model.guess(kind, FIELD.b, flags, lane, task, a, 0));
      model.took(kind, FIELD.b, b);
    }
    if ((holds & HOLDS.task) !== 0 && wakes) {
      task = columns.value(column, model.guess(kind, FIELD.task, flags, lane, 0, a, b));
      model.took(kind, FIELD.task, task);
    }
    if ((holds & HOLDS.c) !== 0) {
      c = columns.value(column + 3, model.guess(kind, FIELD.c, flags, lane, task, a, b));
      model.took(kind, FIELD.c, c);
    }
    if ((holds & HOLDS.d) !== 0) {
      d = columns.value(column + 4, model.guess(kind, FIELD.d, flags, lane, task, a, b));
      model.took(kind, FIELD.d, d);
    }
    words[w + W.task] = task;
    words[w + W.a] = a;
    words[w + W.b] = b;
    words[w + W.c] = c;
    words[w + W.d] = d;
    if (kind !== K.site) pass.moved(kind, flags, lane, low, high, a);
    model.passed(kind, flags, lane, task, a, b);
  }
  for (let plane = TIME; plane < TIME + 4; plane++) {
    if (columns.startOf(plane) >= 0 && columns.lengthOf(plane) !== timed) {
      return `the block is damaged: its column ${plane} does not fit its number of records`;
    }
  }
  const left = columns.leftOver(FAR_TIMES);
  return left === null ? records : `the block is damaged: ${left}`;
}

/** By kind, which fields are not 0 in some record: filled into `held`, and as the list that the block begins with. */
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

/** The records as words; copied when they do not lie at a multiple of four bytes. */
function wordsOf(records: Uint8Array): Int32Array {
  const aligned = records.byteOffset % 4 === 0 ? records : records.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}
