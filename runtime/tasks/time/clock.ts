/**
 * Time as tasks see it: sleeps stand in a heap by their deadline, and one timer of Node's waits for the first. On the virtual clock nothing
 * waits: when no task is ready, the time is that of the next deadline. It stands still while something foreign is under way, for nobody
 * can say how long that takes.
 */
import { CANCELLED, DONE, Future, scheduler, STATE } from '../core/future.ts';
import { KIND, REASON, RESOURCE_KIND } from '../../trace/format/kinds.ts';
import { describeValue } from '../core/describe-value.ts';
import { builtIns, recorder, takeSite, traced } from '../core/trace.ts';

const WAITS_FOR_TIMER = REASON.timer;
/** Node's timers hold 2³¹ − 1 ms at most. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class Sleep<T = void> extends Future<T> {
  readonly dueMs: number;
  readonly serial: number;
  readonly given: T;
  /** Its place in the heap; −1 when it is not there. */
  place = -1;
  /** Traced: the resource of all sleeps of its length. */
  declare readonly timer: number;

  constructor(dueMs: number, serial: number, given: T, ms: number) {
    super();
    if (traced) this.timer = timerOf(ms);
    this.dueMs = dueMs;
    this.serial = serial;
    this.given = given;
  }

  protected override onCancelled(): void {
    clock.remove(this as Sleep<unknown>);
  }
  override waitReason(): number {
    return WAITS_FOR_TIMER;
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

  /** From here on time is virtual and begins at 0; the result sets it back. Nobody may sleep yet. */
  goVirtual(): () => void {
    this.#virtualMs = 0;
    const stampReally = traced ? stampBy(() => this.nowMs) : null;
    return () => {
      this.#virtualMs = null;
      stampReally?.();
      this.#arm();
    };
  }

  sleep<T>(ms: number, given: T): Sleep<T> {
    const sleep = new Sleep(this.nowMs + ms, this.#serial++, given, ms);
    if (ms <= 0) {
      sleep.settle(DONE, given);
      return sleep;
    }
    this.#up(this.#heap.push(sleep as Sleep<unknown>) - 1);
    if (this.#virtualMs === null && sleep.dueMs < this.#timerDueMs) this.#arm();
    return sleep;
  }

  remove(sleep: Sleep<unknown>): void {
    const { place } = sleep;
    if (place < 0) return;
    sleep.place = -1;
    const last = this.#heap.pop()!;
    if (last !== sleep) {
      this.#heap[place] = last;
      last.place = place;
      this.#up(place);
      this.#down(last.place);
    }
    if (this.#heap.length === 0) this.#disarm();
  }

  /** Virtual time goes to the next deadline. false: nobody sleeps, or all of them for ever. */
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
      if ((first.flags & STATE) !== CANCELLED) first.settle(DONE, first.given, -1);
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

  #up(from: number): void {
    const heap = this.#heap;
    const sleep = heap[from]!;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(sleep, heap[above]!)) break;
      heap[at] = heap[above]!;
      heap[at]!.place = at;
      at = above;
    }
    heap[at] = sleep;
    sleep.place = at;
  }

  #down(from: number): void {
    const heap = this.#heap;
    const sleep = heap[from]!;
    let at = from;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++;
      if (!isBefore(heap[below]!, sleep)) break;
      heap[at] = heap[below]!;
      heap[at]!.place = at;
      at = below;
    }
    heap[at] = sleep;
    sleep.place = at;
  }
}

/**
 * The trace shows virtual time: what takes none there is a nanosecond apart, in order. Afterwards real time goes on from where virtual time
 * has come to. The result sets it back so.
 */
function stampBy(nowMs: () => number): () => void {
  const real = recorder.clock;
  const beganNs = real();
  let lastNs = beganNs;
  recorder.clock = () => {
    const ns = beganNs + BigInt(Math.round(nowMs() * 1e6));
    lastNs = ns > lastNs ? ns : lastNs + 1n;
    return lastNs;
  };
  return () => {
    const aheadNs = lastNs - real();
    recorder.clock = aheadNs > 0n ? () => real() + aheadNs : real;
  };
}

const timers = new Map<number, number>();
/** Sleeps of further lengths are one resource together. */
const MAX_TIMERS = 1000;

/** What a sleep of so many ms is in the trace; one for all of this length, whoever sleeps. */
function timerOf(ms: number): number {
  const length = timers.has(ms) || timers.size < MAX_TIMERS ? ms : NaN;
  let id = timers.get(length);
  if (id === undefined) {
    id = recorder.nextId();
    const name = recorder.text(Number.isNaN(length) ? 'sleep' : `sleep ${ms} ms`);
    recorder.write(KIND.resourceBegin, RESOURCE_KIND.timer, 0, id, 0, name, 0);
    timers.set(length, id);
  }
  return id;
}

/** Those who are due at the same time wake in the order in which they fell asleep. */
function isBefore(a: Sleep<unknown>, b: Sleep<unknown>): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.serial < b.serial);
}

export const clock: Clock = new Clock();

/**
 * Waits so many ms; 0 lets the others that are ready go first, Infinity waits until it is cancelled. On the virtual clock it takes no time.
 * After asyncio.sleep, in ms.
 * @throws RangeError at once for what is no number of ms from 0 up.
 * @example
 * await run(function* () { yield* sleep(10); return 'rested'; }); // → 'rested'
 * await run(async () => { await sleep(10); return 'rested'; }); // → 'rested'
 */
export function sleep(ms: number): Future<void>;
/** The same, and then gives the value (as asyncio.sleep's `result`). */
export function sleep<T>(ms: number, given: T): Future<T>;
export function sleep<T>(ms: number, given?: T): Future<T | undefined> {
  if (typeof ms !== 'number' || !(ms >= 0))
    throw new RangeError(`sleep() needs a number of ms from 0 up, not ${describeValue(ms)}`);
  // The call makes no task and no resource of its own: its line is not the next one's.
  if (traced) takeSite();
  if (ms === 0) {
    const turn = new Turn(given);
    scheduler.ready(turn);
    return turn;
  }
  return clock.sleep(ms, given);
}

/**
 * The time on the library's clock, in ms: from the start of the run on the virtual clock, else from the start of the program. After asyncio's
 * loop.time.
 * @example
 * await run(function* () { yield* sleep(5_000); assert.equal(now(), 5_000); }, { clock: 'virtual' });
 */
export function now(): number {
  return clock.nowMs;
}

/** Done when all that are ready now have had their turn. */
class Turn<T> extends Future<T> {
  readonly #given: T;
  constructor(given: T) {
    super();
    this.#given = given;
  }
  step(): void {
    this.settle(DONE, this.#given, -1);
  }
  override waitReason(): number {
    return WAITS_FOR_TIMER;
  }
  override waitTarget(): number {
    return traced ? timerOf(0) : 0;
  }
  override describe(): string {
    return 'the sleep';
  }
}
