/**
 * Several rings' records in the order of their time: who wakes a task of another thread is then told after what that one did. Within a ring the
 * order stays the writer's, and definitions stand before what follows them there.
 *
 * It refuses to look beyond what it is given: a record that comes while a round is written is the next round's.
 */
import { KIND } from '../trace/format/kinds.ts';
import { kindOf, RECORD_WORDS, W } from '../trace/format/layout.ts';
import { R, type SharedMemory } from './shared-memory.ts';

/** Takes `count` records of a ring, from its tail. */
export type Take = (row: number, count: number) => void;

/** One ring on its way through a round. */
class RingCursor {
  readonly row: number;
  /** Records of this round, taken and in all. */
  taken = 0;
  readonly count: number;
  /** Where the next record with a time ends, and that time; no less than those before. */
  next = 0;
  timeNs = 0;
  readonly #words: Int32Array;
  readonly #first: number;
  readonly #mask: number;
  readonly #tail: number;

  constructor({ words }: SharedMemory, row: number, count: number) {
    this.row = row;
    this.count = count;
    this.#words = words;
    this.#first = words[row + R.base]! >>> 2;
    this.#mask = words[row + R.capacity]! - 1;
    this.#tail = words[row + R.tail]!;
    this.advance();
  }

  /** To the end of the next record that has a time, or to the end of all. */
  advance(): void {
    const words = this.#words;
    while (this.next < this.count) {
      const at = this.#first + ((this.#tail + this.next) & this.#mask) * RECORD_WORDS;
      this.next++;
      const kind = kindOf(words[at + W.head]! >>> 0);
      if (kind === KIND.text || kind === KIND.site) continue;
      const timeNs = (words[at + W.tHigh]! >>> 0) * 2 ** 32 + (words[at + W.tLow]! >>> 0);
      if (timeNs > this.timeNs) this.timeNs = timeNs;
      return;
    }
  }
}

/** @param rows of the rings that have something, and how many records each. */
export function mergeRings(
  memory: SharedMemory,
  rows: readonly (readonly [number, number])[],
  take: Take,
): void {
  const open = rows.map(([row, count]) => new RingCursor(memory, row, count));
  while (open.length > 0) {
    let first = open[0]!;
    let untilNs = Infinity;
    for (let i = 1; i < open.length; i++) {
      const cursor = open[i]!;
      if (cursor.timeNs < first.timeNs) {
        untilNs = Math.min(untilNs, first.timeNs);
        first = cursor;
      } else untilNs = Math.min(untilNs, cursor.timeNs);
    }
    // As many as come before any other ring's next, in one piece.
    let end = first.taken;
    while (end < first.count && first.timeNs <= untilNs) {
      end = first.next;
      first.advance();
    }
    take(first.row, end - first.taken);
    first.taken = end;
    if (end === first.count) open.splice(open.indexOf(first), 1);
  }
}
