/**
 * What the next field of a record probably holds, judged by the records before it: the
 * compact codec stores only the difference. Encoder and decoder run the same model
 * over the same fields in the same order, so it may guess anything as long as it is
 * deterministic; a wrong guess costs bytes, never correctness. It refuses nothing and allocates nothing
 * after its construction: ids of a hostile file are hashed into fixed tables. All values are int32, which engines keep unboxed.
 *
 * The guesses follow how concurrent programs move: what waits or ends is what had
 * the lane; what runs is what was woken first; where a task waits next depends on where it waited last.
 */
import { REASONS, K, F, numberOf } from './kinds.ts';

/** How a field is guessed. */
const By = {
  /** The value it had in the last record of this kind. */
  last: 0,
  /** …of this kind, for the same `a` (a site, a resource). */
  a: 1,
  /** …for the same `b`. */
  b: 2,
  /** …of this kind, for a task that was last seen at the same site. */
  place: 3,
  /** …likewise, and after the same last value: several things begun from one place. */
  sequence: 4,
  /** What has the lane. */
  top: 5,
  /** The newest id, plus one. */
  newId: 6,
  /** What was woken first and did not run yet; what woke it; with which resource. */
  woken: 7,
  wakerOfWoken: 8,
  resourceOfWoken: 9,
  /** Who waits for this resource, or for what ended last. */
  waiter: 10,
  /** What a task waits for: the activation that just gave the lane back, or what was waited for at this site. */
  awaited: 11,
  /** The level of resource `a`, one up, one down. */
  levelUp: 12,
  levelDown: 13,
} as const;

/** Fields in the order in which they are coded; `wake` names its resource before its task. */
export const FIELD = { task: 0, a: 1, b: 2, c: 3, d: 4, tLow: 5, tHigh: 6 } as const;
export const FIELDS_A_KIND = 8;

type Row = readonly [task: number, a: number, b: number, c: number, d: number];
const rows: ReadonlyMap<number, Row> = new Map<number, Row>([
  [K.activationBegin, [By.newId, By.top, By.sequence, By.b, By.b]],
  [K.activationEnd, [By.top, By.last, By.place, By.last, By.last]],
  [K.run, [By.woken, By.wakerOfWoken, By.resourceOfWoken, By.place, By.last]],
  [K.wait, [By.top, By.place, By.awaited, By.a, By.a]],
  [K.wake, [By.waiter, By.top, By.last, By.place, By.last]],
  [K.step, [By.woken, By.place, By.place, By.b, By.wakerOfWoken]],
  [K.resourceBegin, [By.top, By.newId, By.place, By.b, By.b]],
  [K.resourceEnd, [By.top, By.last, By.last, By.last, By.last]],
  [K.put, [By.top, By.place, By.levelUp, By.a, By.a]],
  [K.get, [By.top, By.place, By.levelDown, By.a, By.a]],
  [K.acquire, [By.top, By.place, By.levelDown, By.top, By.last]],
  [K.release, [By.top, By.place, By.levelUp, By.top, By.last]],
  [K.group, [By.top, By.last, By.last, By.a, By.a]],
  [K.link, [By.top, By.last, By.last, By.last, By.last]],
]);

const guesses = new Uint8Array(256 * FIELDS_A_KIND);
for (const [kind, row] of rows) guesses.set(row, kind * FIELDS_A_KIND);

const SEEN = 1 << 15;
const IDS = 1 << 13;
const LANES = 64;
const DEPTH = 64;
const READY = 1 << 11;
const REASON_TASK = numberOf(REASONS, 'task');

export class RecordModel {
  /** The last value of a kind's field, and the last in a context (hashed). */
  readonly #last = new Int32Array(256 * FIELDS_A_KIND);
  readonly #seen = new Int32Array(SEEN);
  #slot = 0;
  /** By id, hashed: where a task was last, who woke it, with what, who waits for it; a resource's level. */
  readonly #place = new Int32Array(IDS);
  readonly #waker = new Int32Array(IDS);
  readonly #wakerResource = new Int32Array(IDS);
  readonly #waiter = new Int32Array(IDS);
  readonly #level = new Int32Array(IDS);
  /** By lane, hashed: what is on its stack, what left it last, the newest id, what is ready on it. */
  readonly #stack = new Int32Array(LANES * DEPTH);
  readonly #depth = new Int32Array(LANES);
  readonly #left = new Int32Array(LANES);
  readonly #newest = new Int32Array(LANES);
  readonly #ready = new Int32Array(LANES * READY);
  readonly #readyFrom = new Int32Array(LANES);
  readonly #readyTo = new Int32Array(LANES);
  #ended = 0;

  reset(): void {
    this.#last.fill(0);
    this.#seen.fill(0);
    this.#place.fill(0);
    this.#waker.fill(0);
    this.#wakerResource.fill(0);
    this.#waiter.fill(0);
    this.#level.fill(0);
    this.#depth.fill(0);
    this.#left.fill(0);
    this.#newest.fill(0);
    this.#readyFrom.fill(0);
    this.#readyTo.fill(0);
    this.#ended = 0;
  }

  /** The guess for one field; `task`, `a`, `b` as far as they were coded before it. Follow with `took`. */
  guess(
    kind: number,
    field: number,
    flags: number,
    lane: number,
    task: number,
    a: number,
    b: number,
  ): number {
    const column = kind * FIELDS_A_KIND + field;
    const at = lane & (LANES - 1);
    this.#slot = -1;
    switch (guesses[column]) {
      case By.a:
        return this.#inContext(column, a);
      case By.b:
        return this.#inContext(column, b);
      case By.place:
        return this.#inContext(column, this.#place[task & (IDS - 1)]!);
      case By.sequence:
        return this.#inContext(column, Math.imul(this.#place[a & (IDS - 1)]!, 31) + this.#last[column]!);
      case By.top: {
        const depth = this.#depth[at]!;
        return depth === 0 ? 0 : this.#stack[at * DEPTH + ((depth - 1) & (DEPTH - 1))]!;
      }
      case By.newId:
        return (this.#newest[at]! + 1) | 0;
      case By.woken: {
        const from = this.#readyFrom[at]!;
        if (from === this.#readyTo[at]!) return this.#inContext(column, this.#last[column]!);
        return this.#ready[at * READY + (from & (READY - 1))]!;
      }
      case By.wakerOfWoken:
        return this.#waker[task & (IDS - 1)]!;
      case By.resourceOfWoken:
        return this.#wakerResource[task & (IDS - 1)]!;
      case By.waiter:
        return this.#waiter[(b === 0 ? this.#ended : b) & (IDS - 1)]!;
      case By.awaited:
        if ((flags & 31) === REASON_TASK) return this.#left[at]!;
        return this.#inContext(column, a);
      case By.levelUp:
        return (this.#level[a & (IDS - 1)]! + 1) | 0;
      case By.levelDown:
        return (this.#level[a & (IDS - 1)]! - 1) | 0;
      default:
        return this.#last[column]!;
    }
  }

  /** What the field just guessed really held. */
  took(kind: number, field: number, value: number): void {
    this.#last[kind * FIELDS_A_KIND + field] = value;
    if (this.#slot >= 0) this.#seen[this.#slot] = value;
  }

  /** The whole record is known. */
  passed(kind: number, flags: number, lane: number, task: number, a: number, b: number): void {
    const at = lane & (LANES - 1);
    const id = task & (IDS - 1);
    switch (kind) {
      case K.activationBegin:
        this.#newest[at] = task;
        this.#place[id] = b;
        if ((flags & F.beginReady) === 0) this.#push(at, task);
        else this.#makeReady(at, task);
        return;
      case K.activationEnd:
        this.#ended = task;
        this.#pop(at, task);
        return;
      case K.run:
        this.#unready(at, task);
        this.#push(at, task);
        return;
      case K.wait:
        this.#place[id] = a;
        if (b !== 0) this.#waiter[b & (IDS - 1)] = task;
        this.#pop(at, task);
        return;
      case K.wake:
        this.#waker[id] = a;
        this.#wakerResource[id] = b;
        this.#makeReady(at, task);
        return;
      case K.step:
        this.#place[id] = b;
        this.#unready(at, task);
        return;
      case K.resourceBegin:
        this.#newest[at] = a;
        return;
      case K.put:
      case K.get:
      case K.acquire:
      case K.release:
        this.#level[a & (IDS - 1)] = b;
        return;
    }
  }

  #inContext(column: number, context: number): number {
    const slot = (Math.imul(context ^ Math.imul(column, 0x9e3779b1), 0x85ebca6b) >>> 12) & (SEEN - 1);
    this.#slot = slot;
    const seen = this.#seen[slot]!;
    return seen === 0 ? this.#last[column]! : seen;
  }

  #push(at: number, task: number): void {
    const depth = this.#depth[at]!;
    this.#stack[at * DEPTH + (depth & (DEPTH - 1))] = task;
    this.#depth[at] = depth + 1;
  }

  #pop(at: number, task: number): void {
    this.#left[at] = task;
    const depth = this.#depth[at]!;
    if (depth === 0) return;
    if (this.#stack[at * DEPTH + ((depth - 1) & (DEPTH - 1))] === task) this.#depth[at] = depth - 1;
  }

  #makeReady(at: number, task: number): void {
    const to = this.#readyTo[at]!;
    this.#ready[at * READY + (to & (READY - 1))] = task;
    this.#readyTo[at] = to + 1;
    // Full: the oldest is forgotten.
    if (to + 1 - this.#readyFrom[at]! > READY) this.#readyFrom[at] = to + 1 - READY;
  }

  /** It runs: out of the queue, wherever near the front it stands; the ones it overtook move back by one. */
  #unready(at: number, task: number): void {
    const from = this.#readyFrom[at]!;
    const to = this.#readyTo[at]!;
    if (from === to) return;
    const base = at * READY;
    const ready = this.#ready;
    for (let i = from; i < to && i < from + 16; i++) {
      if (ready[base + (i & (READY - 1))] !== task) continue;
      for (let j = i; j > from; j--) ready[base + (j & (READY - 1))] = ready[base + ((j - 1) & (READY - 1))]!;
      this.#readyFrom[at] = from + 1;
      return;
    }
    // The front may be a task that never runs again: it would be guessed for ever.
    this.#readyFrom[at] = from + 1;
  }
}
