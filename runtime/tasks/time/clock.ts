/**
 * Time as tasks see it: sleeps stand in a heap by their deadline, and one timer of Node's waits for
 * the first. The virtual clock has no timer: it jumps to the next deadline when it is told to
 * (`virtual-time.ts` decides when).
 */
import { KIND, REASON, RESOURCE_KIND } from '../../trace/format/kinds.ts';
import { describeValue } from '../core/describe-value.ts';
import { CANCELLED, DONE, STATE } from '../core/future-state.ts';
import { Future } from '../core/future.ts';
import { scheduler } from '../core/runner.ts';
import { builtIns, recorder, takeSite, traced } from '../core/trace.ts';

/** Node's timers hold 2³¹ − 1 ms at most. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class Sleep<T = void> extends Future<T> {
  readonly givenResult: T;
  readonly dueMs: number;
  readonly serial: number;
  /** Its index in the heap; −1 when it is not there. */
  heapIndex = -1;
  /** Traced: the resource of all sleeps of its length. */
  declare readonly timer: number;

  constructor(ms: number, result: T, dueMs: number, serial: number) {
    super();
    if (traced) this.timer = timerOf(ms);
    this.givenResult = result;
    this.dueMs = dueMs;
    this.serial = serial;
  }

  protected override onCancelled(): void {
    clock.remove(this as Sleep<unknown>);
  }
  override waitReason(): number {
    return REASON.timer;
  }
  override waitTarget(): number {
    return traced ? this.timer : 0;
  }
  override describe(): string {
    return 'the sleep';
  }
}

class Clock {
  #heap: Sleep<unknown>[] = [];
  #serial = 0;
  #timer: NodeJS.Timeout | null = null;
  #timerDueMs = Infinity;
  /** The time on the virtual clock; null: the real one. */
  #virtualMs: number | null = null;

  get nowMs(): number {
    return this.#virtualMs ?? performance.now();
  }

  get isVirtual(): boolean {
    return this.#virtualMs !== null;
  }

  /**
   * Makes time virtual; it begins at 0. No sleep may be under way.
   * @returns what makes time real again.
   */
  goVirtual(): () => void {
    this.#virtualMs = 0;
    const stopStamping = traced ? stampBy(() => this.nowMs) : null;
    return () => {
      this.#virtualMs = null;
      stopStamping?.();
      this.#arm();
    };
  }

  sleep<T>(ms: number, result: T): Sleep<T> {
    const sleep = new Sleep(ms, result, this.nowMs + ms, this.#serial++);
    if (ms <= 0) {
      sleep.settle(DONE, result);
      return sleep;
    }
    this.#moveUp(this.#heap.push(sleep as Sleep<unknown>) - 1);
    if (this.#virtualMs === null && sleep.dueMs < this.#timerDueMs) this.#arm();
    return sleep;
  }

  remove(sleep: Sleep<unknown>): void {
    const { heapIndex } = sleep;
    if (heapIndex < 0) return;
    sleep.heapIndex = -1;
    const last = this.#heap.pop()!;
    if (last !== sleep) {
      this.#heap[heapIndex] = last;
      last.heapIndex = heapIndex;
      this.#moveUp(heapIndex);
      this.#moveDown(last.heapIndex);
    }
    if (this.#heap.length === 0) this.#disarm();
  }

  /** Virtual time goes to the next deadline. @returns false when no sleep has one. */
  jump(): boolean {
    const first = this.#heap[0];
    if (this.#virtualMs === null || first === undefined || first.dueMs === Infinity) return false;
    this.#virtualMs = Math.max(this.#virtualMs, first.dueMs);
    this.#wakeDue();
    return true;
  }

  #wakeDue(): void {
    const { nowMs } = this;
    for (let first = this.#heap[0]; first !== undefined && first.dueMs <= nowMs; first = this.#heap[0]) {
      this.remove(first);
      if ((first.flags & STATE) !== CANCELLED) first.settle(DONE, first.givenResult, -1);
    }
  }

  #arm(): void {
    this.#disarm();
    const first = this.#heap[0];
    if (first === undefined || this.#virtualMs !== null) return;
    this.#timerDueMs = first.dueMs;
    const ms = Math.min(MAX_TIMER_MS, Math.max(1, Math.ceil(first.dueMs - performance.now())));
    this.#timer = builtIns.setTimeout(() => {
      this.#timer = null;
      this.#timerDueMs = Infinity;
      this.#wakeDue();
      this.#arm();
    }, ms);
  }

  #disarm(): void {
    if (this.#timer !== null) builtIns.clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerDueMs = Infinity;
  }

  #moveUp(from: number): void {
    const heap = this.#heap;
    const sleep = heap[from]!;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(sleep, heap[above]!)) break;
      heap[at] = heap[above]!;
      heap[at]!.heapIndex = at;
      at = above;
    }
    heap[at] = sleep;
    sleep.heapIndex = at;
  }

  #moveDown(from: number): void {
    const heap = this.#heap;
    const sleep = heap[from]!;
    let at = from;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++;
      if (!isBefore(heap[below]!, sleep)) break;
      heap[at] = heap[below]!;
      heap[at]!.heapIndex = at;
      at = below;
    }
    heap[at] = sleep;
    sleep.heapIndex = at;
  }
}

/**
 * The trace shows virtual time. Records at the same virtual time are a nanosecond apart, in order.
 * @returns what ends that: real time then goes on from the end of virtual time.
 */
function stampBy(nowMs: () => number): () => void {
  const real = recorder.clock;
  const startNs = real();
  let lastNs = startNs;
  recorder.clock = () => {
    const ns = startNs + BigInt(Math.round(nowMs() * 1e6));
    lastNs = ns > lastNs ? ns : lastNs + 1n;
    return lastNs;
  };
  return () => {
    const aheadNs = lastNs - real();
    recorder.clock = aheadNs > 0n ? () => real() + aheadNs : real;
  };
}

const timers = new Map<number, number>();
/** Sleeps of further lengths share one resource. */
const MAX_TIMERS = 1000;

/** The resource that a sleep of so many ms waits for in the trace; one for each length. */
function timerOf(ms: number): number {
  const length = timers.has(ms) || timers.size < MAX_TIMERS ? ms : NaN;
  let id = timers.get(length);
  if (id === undefined) {
    id = recorder.nextId();
    const name = recorder.defineText(Number.isNaN(length) ? 'sleep' : `sleep ${ms} ms`);
    recorder.write(KIND.resourceBegin, RESOURCE_KIND.timer, 0, id, 0, name, 0);
    timers.set(length, id);
  }
  return id;
}

/** Sleeps that are due at the same time end in the order in which they began. */
function isBefore(a: Sleep<unknown>, b: Sleep<unknown>): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.serial < b.serial);
}

export const clock: Clock = new Clock();

/**
 * Waits so many ms; 0 lets the other ready tasks go first, Infinity waits until it is cancelled. On
 * the virtual clock it takes no time. After asyncio.sleep, in ms.
 * @throws RangeError at once for what is no number of ms from 0 up.
 * @example
 * await run(function* () { yield* sleep(10); return 'rested'; }); // → 'rested'
 * await run(async () => { await sleep(10); return 'rested'; }); // → 'rested'
 */
export function sleep(ms: number): Future<void>;
/** The same, and then gives the value (as asyncio.sleep's `result`). */
export function sleep<T>(ms: number, result: T): Future<T>;
export function sleep<T>(ms: number, result?: T): Future<T | undefined> {
  if (typeof ms !== 'number' || !(ms >= 0))
    throw new RangeError(`sleep() needs a number of ms from 0 up, not ${describeValue(ms)}`);
  // The call makes no task and no resource: its site must not be taken for that of the next call.
  if (traced) takeSite();
  if (ms === 0) {
    const turn = new Turn(result);
    scheduler.ready(turn);
    return turn;
  }
  return clock.sleep(ms, result);
}

/**
 * The time on the library's clock, in ms: from the start of the run on the virtual clock, else from
 * the start of the program. After asyncio's loop.time.
 * @example
 * const rest = function* () { yield* sleep(5_000); return now(); };
 * await run(rest, { clock: 'virtual' }); // → 5_000
 */
export function now(): number {
  return clock.nowMs;
}

/**
 * A sleep of 0 ms: it is done when all steps that are ready now have run. It shares no base class
 * with `Sleep`: one more level of constructors made each `await sleep(0)` 4 % slower.
 */
class Turn<T> extends Future<T> {
  readonly #result: T;

  constructor(result: T) {
    super();
    this.#result = result;
  }

  step(): void {
    this.settle(DONE, this.#result, -1);
  }
  override waitReason(): number {
    return REASON.timer;
  }
  override waitTarget(): number {
    return traced ? timerOf(0) : 0;
  }
  override describe(): string {
    return 'the sleep';
  }
}
