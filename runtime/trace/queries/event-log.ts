/**
 * By which record each span of a row began: the proof that an answer names. Four bytes a change for
 * the record's number, eight to find it by.
 */
import type { SpanLog } from '../columns/span-log.ts';
import type { Observer, RowChange } from '../fold/observer.ts';
import type { EventId } from '../model/event-id.ts';
import type { Trace } from '../model/trace.ts';

const FIRST_CAPACITY = 4096;

export class EventLog implements Observer {
  readonly #trace: Trace;
  readonly #spans: SpanLog;
  /** Changes are numbered from 1; 0 is none. */
  #count = 0;
  #number = new Uint32Array(FIRST_CAPACITY);
  #row = new Int32Array(FIRST_CAPACITY);
  /** The row's change before. */
  #previous = new Uint32Array(FIRST_CAPACITY);
  /** By row: its newest change. */
  #newest = new Uint32Array(1024);

  /** @param spans observes the same fold: a span there is a change here */
  constructor(trace: Trace, spans: SpanLog) {
    this.#trace = trace;
    this.#spans = spans;
  }

  rowChanged({ row }: RowChange): void {
    const change = ++this.#count;
    if (change >= this.#number.length) this.#grow(change * 2);
    if (row >= this.#newest.length) this.#newest = copyInto(this.#newest, new Uint32Array(row * 2));
    this.#number[change] = this.#trace.recordNumber;
    this.#row[change] = row;
    this.#previous[change] = this.#newest[row]!;
    this.#newest[row] = change;
  }

  taskAbsorbed(task: number): void {
    if (task < this.#newest.length) this.#newest[task] = 0;
  }

  /** The record by which the row's span at `t` began; null: the row had not begun. */
  eventOf(row: number, t: number): EventId | null {
    if (row < 0 || row >= this.#newest.length) return null;
    const { rows } = this.#spans;
    const index = rows.at(row, t);
    let change = this.#newest[row]!;
    for (let back = rows.count(row) - 1 - index; back > 0 && change > 0; back--)
      change = this.#previous[change]!;
    if (index < 0 || change === 0) return null;
    return { process: this.#trace.tasks.process[row]!, number: this.#number[change]! };
  }

  /** The last record of the process by which a row changed at or before `t`; null: none did. */
  lastBefore(process: number, t: number): EventId | null {
    const { tasks } = this.#trace;
    let number = 0;
    for (let row = 0; row < tasks.count; row++) {
      if (tasks.process[row] !== process || tasks.beganNs[row]! > t) continue;
      number = Math.max(number, this.eventOf(row, t)?.number ?? 0);
    }
    return number === 0 ? null : { process, number };
  }

  /**
   * The row that the record changed, and when; where it changed none, the row that was changed last
   * before it. Null: none was.
   */
  placeOf({ process, number }: EventId): { readonly row: number; readonly t: number } | null {
    const { tasks, processes } = this.#trace;
    if (number === 0 || number > (processes[process]?.records ?? 0)) return null;
    let best = 0;
    for (let change = 1; change <= this.#count; change++) {
      const of = this.#number[change]!;
      if (of > number || tasks.process[this.#row[change]!] !== process) continue;
      if (of > (best === 0 ? -1 : this.#number[best]!)) best = change;
    }
    if (best === 0) return null;
    const row = this.#row[best]!;
    let index = this.#spans.rows.count(row) - 1;
    for (let change = this.#newest[row]!; change > best && index > 0; change = this.#previous[change]!)
      index--;
    // Of a frame the caller's row speaks.
    if (index < 0) return { row: this.#trace.rowOf(row), t: tasks.beganNs[row]! };
    return { row, t: this.#spans.rows.span(row, index).startNs };
  }

  #grow(capacity: number): void {
    this.#number = copyInto(this.#number, new Uint32Array(capacity));
    this.#row = copyInto(this.#row, new Int32Array(capacity));
    this.#previous = copyInto(this.#previous, new Uint32Array(capacity));
  }
}

function copyInto<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
