/**
 * The steps of a process, or of all, in the order of time, and a cursor among them. At the cursor
 * it is known which tasks live, and what each did last: moving over a step costs the same in either
 * direction, whatever lives.
 */
import { isBefore, orderSteps } from './order-steps.ts';
import { STEP, type StepLog } from './step-log.ts';

const NONE = -1;

export class Timeline {
  readonly log: StepLog;
  /** Index in the trace; null: all. */
  readonly process: number | null;
  #steps = new Uint32Array(1024);
  /** By place: what the step's row did before; −1: nothing. */
  #before = new Int32Array(1024);
  #count = 0;
  /** Steps of the log that were looked at. */
  #read = 0;
  #absorbed = 0;
  /** The place of the cursor; −1: before the first step. */
  #at = NONE;
  /** By row: its newest step that tells what it does; −1: it does not live yet. */
  #newest = new Int32Array(1024).fill(NONE);
  /** The living rows, and by row its place among them, + 1. */
  #living = new Int32Array(1024);
  #livingCount = 0;
  #livingPlace = new Int32Array(1024);

  /** @param process index in the trace; null: all */
  constructor(log: StepLog, process: number | null) {
    this.log = log;
    this.process = process;
  }

  /** How many steps there are. */
  get count(): number {
    return this.#count;
  }

  get at(): number {
    return this.#at;
  }

  /** The step at a place. */
  step(place: number): number {
    return this.#steps[place]!;
  }

  rowAt(place: number): number {
    const task = this.log.task[this.#steps[place]!]!;
    return task < 0 ? NONE : this.log.trace.rowOf(task);
  }

  /** The time at the cursor, ns from the trace's start. */
  get t(): number {
    return this.#at < 0 ? 0 : this.log.t[this.#steps[this.#at]!]!;
  }

  /** What the row did last; −1: it has not begun. */
  newestOf(row: number): number {
    return row >= 0 && row < this.#newest.length ? this.#newest[row]! : NONE;
  }

  isLiving(row: number): boolean {
    return (this.#livingPlace[row] ?? 0) > 0;
  }

  /** The rows that have begun and not ended, in no order. Lent until the cursor moves. */
  get living(): Int32Array {
    return this.#living.subarray(0, this.#livingCount);
  }

  /** The last place at or before this time; −1: none is. */
  placeOfTime(t: number): number {
    let from = 0;
    let to = this.#count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.log.t[this.#steps[middle]!]! <= t) from = middle + 1;
      else to = middle;
    }
    return from - 1;
  }

  placeOfStep(step: number): number {
    let from = 0;
    let to = this.#count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (isBefore(this.log, this.#steps[middle]!, step)) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  moveTo(place: number): void {
    const goal = Math.max(NONE, Math.min(place, this.#count - 1));
    while (this.#at < goal) this.#forward(++this.#at);
    while (this.#at > goal) this.#backward(this.#at--);
  }

  /** Takes in what the log has got since. The cursor stays at its step. */
  update(): void {
    const { log } = this;
    const fresh: number[] = [];
    for (let step = this.#read; step < log.count; step++) if (this.#isOwn(step)) fresh.push(step);
    this.#read = log.count;
    if (fresh.length === 0) return;
    const added = Uint32Array.from(fresh);
    orderSteps(log, added);
    const step = this.#at < 0 ? NONE : this.#steps[this.#at]!;
    const from = this.#count === 0 ? 0 : this.placeOfStep(added[0]!);
    // Frames that were rows of their own belong to others now.
    const isChanged = log.calls.awaited !== this.#absorbed || from <= this.#at;
    this.#absorbed = log.calls.awaited;
    if (isChanged) this.#reset();
    this.#reserve(this.#count + added.length);
    const tail = this.#steps.slice(from, this.#count);
    this.#count += added.length;
    this.#merge(tail, added, from);
    if (isChanged && step !== NONE) this.moveTo(this.placeOfStep(step));
  }

  /** Frames may be others' now: the way back is not the way that the cursor came. */
  #reset(): void {
    this.#at = NONE;
    this.#newest.fill(NONE);
    this.#livingPlace.fill(0);
    this.#livingCount = 0;
  }

  #isOwn(step: number): boolean {
    const task = this.log.task[step]!;
    if (this.process === null) return true;
    return task >= 0 && this.log.trace.tasks.process[task] === this.process;
  }

  #merge(tail: Uint32Array, added: Uint32Array, from: number): void {
    let i = 0;
    let j = 0;
    for (let place = from; place < this.#count; place++) {
      const takesTail = j >= added.length || (i < tail.length && !isBefore(this.log, added[j]!, tail[i]!));
      this.#steps[place] = takesTail ? tail[i++]! : added[j++]!;
    }
  }

  #forward(place: number): void {
    const step = this.#steps[place]!;
    if (!this.log.tellsState(step)) return;
    const task = this.log.task[step]!;
    const row = this.log.trace.rowOf(task);
    if (row >= this.#newest.length) this.#growRows(row);
    this.#before[place] = this.#newest[row]!;
    this.#newest[row] = step;
    if (this.#isEnd(step, task, row)) this.#remove(row);
    else this.#add(row);
  }

  #backward(place: number): void {
    const step = this.#steps[place]!;
    if (!this.log.tellsState(step)) return;
    const row = this.log.trace.rowOf(this.log.task[step]!);
    const before = this.#before[place]!;
    this.#newest[row] = before;
    if (before < 0) this.#remove(row);
    else this.#add(row);
  }

  #isEnd(step: number, task: number, row: number): boolean {
    return this.log.kind[step] === STEP.end && task === row;
  }

  #add(row: number): void {
    if (this.#livingPlace[row]! > 0) return;
    this.#living[this.#livingCount++] = row;
    this.#livingPlace[row] = this.#livingCount;
  }

  #remove(row: number): void {
    const place = this.#livingPlace[row]!;
    if (place === 0) return;
    const last = this.#living[--this.#livingCount]!;
    this.#living[place - 1] = last;
    this.#livingPlace[last] = place;
    this.#livingPlace[row] = 0;
  }

  #growRows(row: number): void {
    const capacity = Math.max(row + 1, this.log.trace.tasks.count) * 2;
    const newest = new Int32Array(capacity).fill(NONE);
    newest.set(this.#newest);
    this.#newest = newest;
    this.#living = copied(this.#living, new Int32Array(capacity));
    this.#livingPlace = copied(this.#livingPlace, new Int32Array(capacity));
  }

  #reserve(count: number): void {
    if (count <= this.#steps.length) return;
    const capacity = Math.max(count, this.#steps.length * 2);
    this.#steps = copied(this.#steps, new Uint32Array(capacity));
    this.#before = copied(this.#before, new Int32Array(capacity));
  }
}

function copied<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
