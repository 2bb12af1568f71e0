/**
 * Guesses what the next field of a record holds, from the records before it: the compact codec
 * stores only the difference. `code` describes the order of fields and the guesses once for both
 * directions. It hands each guess to the coder, which writes the difference (encoder) or reads it
 * (decoder) and answers with the field's real value. A wrong guess costs bytes, never correctness.
 *
 * The guesses follow how concurrent programs move. The task that waits or ends is the one that had
 * the lane. The task that runs is the one woken first. Where a task waits next depends on where it
 * waited last.
 *
 * The model allocates nothing after its construction: ids of a hostile file are hashed into fixed
 * tables. All values are int32, which engines keep unboxed. Each kind has its own straight line of
 * code, because choosing a guess by table for each field cost more than all the rest.
 */
import { FLAG, KIND, REASON } from './kinds.ts';
import { W } from './layout.ts';

/** Fields in the order of their columns. */
export const FIELD = { task: 0, a: 1, b: 2, c: 3, d: 4, tLow: 5, tHigh: 6 } as const;
export const FIELDS_A_KIND = 8;
/** Fields of a kind that are not 0 throughout, as a mask; the others are not coded. */
export const HOLDS = { task: 1, a: 2, b: 4, c: 8, d: 16 } as const;

export interface Coder {
  /** Codes the word at `at` in its column (kind × FIELDS_A_KIND + field). @returns its value. */
  field(column: number, guess: number, at: number): number;
}

const MAX_SEEN = 1 << 15;
const IDS = 1 << 13;
const ID = IDS - 1;
const LANES = 64;
const DEPTH = 64;
const READY = 1 << 11;
const REASON_TASK = REASON.task;

export class RecordModel {
  readonly #coder: Coder;
  /** The last value of a kind's field, and the last in a context (hashed). */
  readonly #last = new Int32Array(256 * FIELDS_A_KIND);
  readonly #seen = new Int32Array(MAX_SEEN);
  /**
   * By hashed id: a task's last place, its waker, by which resource, its waiter; a resource's
   * level.
   */
  readonly #place = new Int32Array(IDS);
  readonly #waker = new Int32Array(IDS);
  readonly #wakerResource = new Int32Array(IDS);
  readonly #waiter = new Int32Array(IDS);
  readonly #level = new Int32Array(IDS);
  /** By hashed lane: its stack, the task that left it last, the newest id, its ready queue. */
  readonly #stack = new Int32Array(LANES * DEPTH);
  readonly #depth = new Int32Array(LANES);
  readonly #left = new Int32Array(LANES);
  readonly #newest = new Int32Array(LANES);
  readonly #ready = new Int32Array(LANES * READY);
  readonly #readyFrom = new Int32Array(LANES);
  readonly #readyTo = new Int32Array(LANES);
  #ended = 0;

  constructor(coder: Coder) {
    this.#coder = coder;
  }

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

  /**
   * Codes `task` and a–d of the record whose words begin at `w`. `holds` masks the fields that its
   * kind ever holds.
   */
  code(kind: number, flags: number, laneNumber: number, w: number, holds: number): void {
    const lane = laneNumber & (LANES - 1);
    const column = kind * FIELDS_A_KIND;
    const holdsTask = (holds & HOLDS.task) !== 0;
    const holdsA = (holds & HOLDS.a) !== 0;
    const holdsB = (holds & HOLDS.b) !== 0;
    const holdsC = (holds & HOLDS.c) !== 0;
    const holdsD = (holds & HOLDS.d) !== 0;
    const coder = this.#coder;
    switch (kind) {
      case KIND.run: {
        const task = holdsTask ? this.#woken(column, lane, w + W.task) : 0;
        const id = task & ID;
        if (holdsA) coder.field(column + FIELD.a, this.#waker[id]!, w + W.a);
        if (holdsB) coder.field(column + FIELD.b, this.#wakerResource[id]!, w + W.b);
        if (holdsC) this.#inContext(column + FIELD.c, this.#place[id]!, w + W.c);
        if (holdsD) this.#asLast(column + FIELD.d, w + W.d);
        this.#unready(lane, task);
        this.#push(lane, task);
        return;
      }
      case KIND.wait: {
        const task = holdsTask ? coder.field(column, this.#top(lane), w + W.task) : 0;
        const id = task & ID;
        const site = holdsA ? this.#inContext(column + FIELD.a, this.#place[id]!, w + W.a) : 0;
        if (holdsB) {
          // Awaiting a call's own task: the one that just gave the lane back.
          const target =
            (flags & 31) === REASON_TASK
              ? coder.field(column + FIELD.b, this.#left[lane]!, w + W.b)
              : this.#inContext(column + FIELD.b, site, w + W.b);
          if (target !== 0) this.#waiter[target & ID] = task;
        }
        if (holdsC) this.#inContext(column + FIELD.c, site, w + W.c);
        if (holdsD) this.#inContext(column + FIELD.d, site, w + W.d);
        this.#place[id] = site;
        this.#pop(lane, task);
        return;
      }
      case KIND.wake: {
        // Its resource goes first: it tells who waited.
        const waker = holdsA ? coder.field(column + FIELD.a, this.#top(lane), w + W.a) : 0;
        const resource = holdsB ? this.#asLast(column + FIELD.b, w + W.b) : 0;
        const waiter = this.#waiter[(resource === 0 ? this.#ended : resource) & ID]!;
        const task = holdsTask ? coder.field(column, waiter, w + W.task) : 0;
        const id = task & ID;
        if (holdsC) this.#inContext(column + FIELD.c, this.#place[id]!, w + W.c);
        if (holdsD) this.#asLast(column + FIELD.d, w + W.d);
        this.#waker[id] = waker;
        this.#wakerResource[id] = resource;
        this.#makeReady(lane, task);
        return;
      }
      case KIND.activationBegin: {
        const task = holdsTask ? coder.field(column, (this.#newest[lane]! + 1) | 0, w + W.task) : 0;
        const parent = holdsA ? coder.field(column + FIELD.a, this.#top(lane), w + W.a) : 0;
        // Several may begin from one place, one after the other.
        const sequence = Math.imul(this.#place[parent & ID]!, 31) + this.#last[column + FIELD.b]!;
        const site = holdsB ? this.#inContext(column + FIELD.b, sequence, w + W.b) : 0;
        if (holdsC) this.#inContext(column + FIELD.c, site, w + W.c);
        if (holdsD) this.#inContext(column + FIELD.d, site, w + W.d);
        this.#newest[lane] = task;
        this.#place[task & ID] = site;
        if ((flags & FLAG.beginReady) === 0) this.#push(lane, task);
        else this.#makeReady(lane, task);
        return;
      }
      case KIND.activationEnd: {
        const task = holdsTask ? coder.field(column, this.#top(lane), w + W.task) : 0;
        if (holdsA) this.#asLast(column + FIELD.a, w + W.a);
        if (holdsB) this.#inContext(column + FIELD.b, this.#place[task & ID]!, w + W.b);
        if (holdsC) this.#asLast(column + FIELD.c, w + W.c);
        if (holdsD) this.#asLast(column + FIELD.d, w + W.d);
        this.#ended = task;
        this.#pop(lane, task);
        return;
      }
      case KIND.step: {
        const task = holdsTask ? this.#woken(column, lane, w + W.task) : 0;
        const id = task & ID;
        if (holdsA) this.#inContext(column + FIELD.a, this.#place[id]!, w + W.a);
        const site = holdsB ? this.#inContext(column + FIELD.b, this.#place[id]!, w + W.b) : 0;
        if (holdsC) this.#inContext(column + FIELD.c, site, w + W.c);
        if (holdsD) coder.field(column + FIELD.d, this.#waker[id]!, w + W.d);
        this.#place[id] = site;
        this.#unready(lane, task);
        return;
      }
      case KIND.resourceBegin: {
        const task = holdsTask ? coder.field(column, this.#top(lane), w + W.task) : 0;
        const resource = holdsA ? coder.field(column + FIELD.a, (this.#newest[lane]! + 1) | 0, w + W.a) : 0;
        const site = holdsB ? this.#inContext(column + FIELD.b, this.#place[task & ID]!, w + W.b) : 0;
        if (holdsC) this.#inContext(column + FIELD.c, site, w + W.c);
        if (holdsD) this.#inContext(column + FIELD.d, site, w + W.d);
        this.#newest[lane] = resource;
        return;
      }
      case KIND.put:
      case KIND.get:
      case KIND.acquire:
      case KIND.release: {
        const task = holdsTask ? coder.field(column, this.#top(lane), w + W.task) : 0;
        const resource = holdsA ? this.#inContext(column + FIELD.a, this.#place[task & ID]!, w + W.a) : 0;
        const step = kind === KIND.put || kind === KIND.release ? 1 : -1;
        const guess = (this.#level[resource & ID]! + step) | 0;
        this.#level[resource & ID] = holdsB ? coder.field(column + FIELD.b, guess, w + W.b) : 0;
        if (holdsC) this.#inContext(column + FIELD.c, resource, w + W.c);
        if (holdsD) this.#inContext(column + FIELD.d, resource, w + W.d);
        return;
      }
      default:
        if (holdsTask) this.#asLast(column, w + W.task);
        if (holdsA) this.#asLast(column + FIELD.a, w + W.a);
        if (holdsB) this.#asLast(column + FIELD.b, w + W.b);
        if (holdsC) this.#asLast(column + FIELD.c, w + W.c);
        if (holdsD) this.#asLast(column + FIELD.d, w + W.d);
    }
  }

  // ── guesses of more than one look ──────────────────────────────────────────────────

  /** What this field held last in this kind. */
  #asLast(column: number, at: number): number {
    return (this.#last[column] = this.#coder.field(column, this.#last[column]!, at));
  }

  /** …in this kind and context: at this site, with this resource. */
  #inContext(column: number, context: number, at: number): number {
    const slot = (Math.imul(context ^ Math.imul(column, 0x9e3779b1), 0x85ebca6b) >>> 12) & (MAX_SEEN - 1);
    const seen = this.#seen[slot]!;
    const value = this.#coder.field(column, seen === 0 ? this.#last[column]! : seen, at);
    this.#seen[slot] = value;
    this.#last[column] = value;
    return value;
  }

  /**
   * The first task woken that has not run; without one, the task that ran after the same task
   * before.
   */
  #woken(column: number, lane: number, at: number): number {
    const from = this.#readyFrom[lane]!;
    if (from === this.#readyTo[lane]!) return this.#inContext(column, this.#last[column]!, at);
    const value = this.#coder.field(column, this.#ready[lane * READY + (from & (READY - 1))]!, at);
    this.#last[column] = value;
    return value;
  }

  // ── the lane's stack, and what is ready ────────────────────────────────────────────

  #top(lane: number): number {
    const depth = this.#depth[lane]!;
    return depth === 0 ? 0 : this.#stack[lane * DEPTH + ((depth - 1) & (DEPTH - 1))]!;
  }

  #push(lane: number, task: number): void {
    const depth = this.#depth[lane]!;
    this.#stack[lane * DEPTH + (depth & (DEPTH - 1))] = task;
    this.#depth[lane] = depth + 1;
  }

  #pop(lane: number, task: number): void {
    this.#left[lane] = task;
    const depth = this.#depth[lane]!;
    if (depth === 0) return;
    if (this.#stack[lane * DEPTH + ((depth - 1) & (DEPTH - 1))] === task) this.#depth[lane] = depth - 1;
  }

  #makeReady(lane: number, task: number): void {
    const to = this.#readyTo[lane]!;
    this.#ready[lane * READY + (to & (READY - 1))] = task;
    this.#readyTo[lane] = to + 1;
    // Full: the oldest is forgotten.
    if (to + 1 - this.#readyFrom[lane]! > READY) this.#readyFrom[lane] = to + 1 - READY;
  }

  /**
   * A task runs: it leaves the queue near its front, and the tasks it overtook move back by one.
   */
  #unready(lane: number, task: number): void {
    const from = this.#readyFrom[lane]!;
    const to = this.#readyTo[lane]!;
    if (from === to) return;
    const base = lane * READY;
    const ready = this.#ready;
    for (let i = from; i < to && i < from + 16; i++) {
      if (ready[base + (i & (READY - 1))] !== task) continue;
      for (let j = i; j > from; j--) ready[base + (j & (READY - 1))] = ready[base + ((j - 1) & (READY - 1))]!;
      break;
    }
    // Also when it was not found: the front may be a task that never runs again, guessed for ever.
    this.#readyFrom[lane] = from + 1;
  }
}
