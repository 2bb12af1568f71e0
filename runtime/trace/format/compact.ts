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
import { K, F, UNIT_NS } from './kinds.ts';
import { flagsOf, kindOf, laneOf, RECORD_BYTES, RECORD_WORDS, TEXT_PIECE_BYTES, W } from './layout.ts';
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
const LANES = 1 << 16;

/** Kinds whose `t` is not a time. */
const isUntimed = (kind: number): boolean => kind === K.text || kind === K.site;

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
    let sum = low;
    if (kind === K.step) sum += Math.min(a * UNIT_NS[flags & 3]!, 0x1fffffffffffff - FAR);
    this.lastLow[lane] = sum >>> 0;
    this.lastHigh[lane] = sum > FAR ? high + Math.floor(sum / 0x100000000) : high;
  }
}

let encoding: { readonly pass: Pass; readonly columns: ColumnWriter } | null = null;
let decoding: Decoding | null = null;

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
    const lane = laneOf(head);
    const task = words[w + W.task]!;
    const a = words[w + W.a]!;
    const b = words[w + W.b]!;
    const low = words[w]!;
    const high = words[w + 1]!;
    const column = FIRST_FIELD + kind * FIELDS_A_KIND;

    if (isUntimed(kind)) {
      if (kind === K.text) {
        const from = i * RECORD_BYTES;
        columns.bytes(TEXTS, records, from, from + 8);
        columns.bytes(TEXTS, records, from + 12, from + 12 + TEXT_PIECE_BYTES - 8);
        const guess = model.guess(kind, FIELD.task, flags, lane, 0, 0, 0);
        columns.difference(column + FIELD.task, task, guess);
        model.took(kind, FIELD.task, task);
        continue;
      }
      columns.difference(column + FIELD.tLow, low, model.guess(kind, FIELD.tLow, flags, lane, 0, 0, 0));
      model.took(kind, FIELD.tLow, low);
      columns.difference(column + FIELD.tHigh, high, 0);
    } else {
      const borrow = low < lastLow[lane]! ? 1 : 0;
      const since = (low - lastLow[lane]!) >>> 0;
      if (high === lastHigh[lane]! + borrow && since !== FAR) {
        columns.planes(TIME, since);
      } else {
        columns.planes(TIME, FAR);
        columns.bytes(FAR_TIMES, records, i * RECORD_BYTES, i * RECORD_BYTES + 8);
      }
      pass.moved(kind, flags, lane, low, high, a);
    }

    const wakes = kind === K.wake;
    if (!wakes) {
      columns.difference(column, task, model.guess(kind, FIELD.task, flags, lane, 0, 0, 0));
      model.took(kind, FIELD.task, task);
    }
    columns.difference(column + FIELD.a, a, model.guess(kind, FIELD.a, flags, lane, task, 0, 0));
    model.took(kind, FIELD.a, a);
    columns.difference(column + FIELD.b, b, model.guess(kind, FIELD.b, flags, lane, task, a, 0));
    model.took(kind, FIELD.b, b);
    if (wakes) {
      columns.difference(column, task, model.guess(kind, FIELD.task, flags, lane, 0, a, b));
      model.took(kind, FIELD.task, task);
    }
    const c = words[w + W.c]!;
    columns.difference(column + FIELD.c, c, model.guess(kind, FIELD.c, flags, lane, task, a, b));
    model.took(kind, FIELD.c, c);
    const d = words[w + W.d]!;
    columns.difference(column + FIELD.d, d, model.guess(kind, FIELD.d, flags, lane, task, a, b));
    model.took(kind, FIELD.d, d);
    model.passed(kind, flags, lane, task, a, b);
  }
  return columns.assemble(COMPACT_VERSION, count, heads.keys());
}
