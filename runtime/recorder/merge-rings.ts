/**
 * Merges the records of several rings by their time, so that a wake of another thread's task stands
 * behind what that thread did before. Within a ring the order stays the writer's, and definitions
 * stay before the records that follow them there.
 *
 * It looks at nothing beyond the counts it is given: a record that is written meanwhile belongs to
 * the next round.
 */
import { builtIns } from './built-ins.ts';
import { KIND } from '../trace/format/kinds.ts';
import { kindOf, RECORD_WORDS, W } from '../trace/format/layout.ts';
import { RING_ROW, type SharedMemory } from './shared-memory.ts';

/** So many definitions at the end of a ring are looked through for a record that has a time. */
const MAX_BACK = 64;

/** Moves the next `count` records of a ring, from its tail on. */
export type MoveRecords = (row: number, count: number) => void;

/** How far a round has come in one ring. Counts are records from the ring's tail on. */
class RingCursor {
  readonly row: number;
  moved = 0;
  readonly count: number;
  /** End of the next record that has a time. */
  end = 0;
  /** The time of that record, at least that of the records before it. */
  timeNs = 0;
  readonly #words: Int32Array;
  readonly #first: number;
  readonly #mask: number;
  readonly #tail: number;

  constructor({ words }: SharedMemory, row: number, count: number) {
    this.row = row;
    this.count = count;
    this.#words = words;
    this.#first = words[row + RING_ROW.base]! >>> 2;
    this.#mask = words[row + RING_ROW.capacity]! - 1;
    this.#tail = words[row + RING_ROW.tail]!;
    this.advance();
  }

  /** Goes to the end of the next record that has a time, or to the end of the ring's records. */
  advance(): void {
    const words = this.#words;
    while (this.end < this.count) {
      const at = this.#first + ((this.#tail + this.end) & this.#mask) * RECORD_WORDS;
      this.end++;
      const kind = kindOf(words[at + W.head]! >>> 0);
      if (kind === KIND.text || kind === KIND.site) continue;
      const timeNs = (words[at + W.tHigh]! >>> 0) * 2 ** 32 + (words[at + W.tLow]! >>> 0);
      if (timeNs > this.timeNs) this.timeNs = timeNs;
      return;
    }
  }
}

/**
 * How many of the next `count` records of a ring stand before the first one later than `untilNs`.
 */
export function countUntil(memory: SharedMemory, row: number, count: number, untilNs: number): number {
  const cursor = new RingCursor(memory, row, count);
  let end = 0;
  while (end < count && cursor.timeNs <= untilNs) {
    end = cursor.end;
    cursor.advance();
  }
  return end;
}

/** @param rows the row of each ring that holds records, and how many */
export function mergeRings(
  memory: SharedMemory,
  rows: readonly (readonly [number, number])[],
  moveRecords: MoveRecords,
): void {
  const open: RingCursor[] = [];
  for (let i = 0; i < rows.length; i++) open[i] = new RingCursor(memory, rows[i]![0], rows[i]![1]);
  while (open.length > 0) {
    let first = open[0]!;
    let firstAt = 0;
    let untilNs = Infinity;
    for (let i = 1; i < open.length; i++) {
      const cursor = open[i]!;
      if (cursor.timeNs < first.timeNs) {
        untilNs = builtIns.min(untilNs, first.timeNs);
        first = cursor;
        firstAt = i;
      } else untilNs = builtIns.min(untilNs, cursor.timeNs);
    }
    // All records that come before any other ring's next one, in one piece.
    let end = first.moved;
    while (end < first.count && first.timeNs <= untilNs) {
      end = first.end;
      first.advance();
    }
    moveRecords(first.row, end - first.moved);
    first.moved = end;
    if (end < first.count) continue;
    for (let i = firstAt + 1; i < open.length; i++) open[i - 1] = open[i]!;
    open.length--;
  }
}

/** When a thread wrote the last of its records that has a time; 0: the ring shows none. */
export function lastRecordNs({ words }: SharedMemory, row: number): number {
  const first = words[row + RING_ROW.base]! >>> 2;
  const mask = words[row + RING_ROW.capacity]! - 1;
  const head = builtIns.load(words, row + RING_ROW.head);
  for (let back = 1; back <= MAX_BACK && back <= head >>> 0; back++) {
    const at = first + ((head - back) & mask) * RECORD_WORDS;
    const kind = kindOf(words[at + W.head]! >>> 0);
    if (kind === KIND.text || kind === KIND.site) continue;
    return (words[at + W.tHigh]! >>> 0) * 2 ** 32 + (words[at + W.tLow]! >>> 0);
  }
  return 0;
}
