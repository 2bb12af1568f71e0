/**
 * The clocks that runs can have, each with the sleeps that stand in its heap:
 *
 *   real      one timer of Node's waits for the first sleep; nobody can replace it (fake timers)
 *   host      the same with the timers and the date that the program has just now, fake or not
 *   virtual   no timer: it jumps to the next deadline when it is told to (`virtual-time.ts`)
 *
 * A run inside another has the other's clock. What belongs to no run has the real one.
 */
import { DONE } from '../core/future-state.ts';
import { scopes } from '../core/run-scope.ts';
import { builtIns, realNowMs, recorder, traced } from '../core/trace.ts';
import { Sleep, SleepHeap } from './sleep-heap.ts';

/** Node's timers hold 2³¹ − 1 ms at most. */
const MAX_TIMER_MS = 2 ** 31 - 1;

let lastSerial = 0;

export interface Clock {
  readonly nowMs: number;
  /** A sleep of at most 0 ms is over at once. */
  sleep<T>(ms: number, result: T): Sleep<T>;
}

/** What wakes a clock with timers. */
interface Host {
  readonly nowMs: () => number;
  readonly setTimeout: (callback: () => void, ms: number) => NodeJS.Timeout;
  readonly clearTimeout: (timer: NodeJS.Timeout) => void;
}

class TimerClock implements Clock {
  readonly #host: Host;
  readonly #heap = new SleepHeap(() => this.#disarm());
  #timer: NodeJS.Timeout | null = null;
  #timerDueMs = Infinity;

  constructor(host: Host) {
    this.#host = host;
  }

  get nowMs(): number {
    return this.#host.nowMs();
  }

  sleep<T>(ms: number, result: T): Sleep<T> {
    const sleep = sleepIn(this.#heap, this.nowMs, ms, result);
    if (sleep.heap !== null && sleep.dueMs < this.#timerDueMs) this.#arm();
    return sleep;
  }

  #arm(): void {
    this.#disarm();
    const { first } = this.#heap;
    if (first === null) return;
    this.#timerDueMs = first.dueMs;
    const ms = Math.min(MAX_TIMER_MS, Math.max(1, Math.ceil(first.dueMs - this.nowMs)));
    this.#timer = this.#host.setTimeout(() => {
      this.#timer = null;
      this.#timerDueMs = Infinity;
      this.#heap.wakeDue(this.nowMs);
      this.#arm();
    }, ms);
  }

  #disarm(): void {
    if (this.#timer !== null) this.#host.clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerDueMs = Infinity;
  }
}

export class VirtualClock implements Clock {
  readonly #heap = new SleepHeap(() => {});
  nowMs = 0;

  sleep<T>(ms: number, result: T): Sleep<T> {
    return sleepIn(this.#heap, this.nowMs, ms, result);
  }

  /** Time goes to the next deadline. @returns false when no sleep has one. */
  jump(): boolean {
    const { first } = this.#heap;
    if (first === null || first.dueMs === Infinity) return false;
    this.nowMs = Math.max(this.nowMs, first.dueMs);
    this.#heap.wakeDue(this.nowMs);
    return true;
  }

  /** Records get its time until what is returned is called. */
  stampRecords(): () => void {
    return traced ? stampBy(() => this.nowMs) : () => {};
  }
}

function sleepIn<T>(heap: SleepHeap, nowMs: number, ms: number, result: T): Sleep<T> {
  const sleep = new Sleep(ms, result, nowMs + ms, lastSerial++);
  if (ms <= 0) sleep.settle(DONE, result);
  else heap.add(sleep as Sleep<unknown>);
  return sleep;
}

export const realClock: Clock = new TimerClock({
  nowMs: realNowMs,
  setTimeout: builtIns.setTimeout,
  clearTimeout: builtIns.clearTimeout,
});

/** Fake timers replace `Date` and the functions of the global object, some of them no more. */
export const hostClock: Clock = new TimerClock({
  nowMs: () => Date.now(),
  setTimeout: (callback, ms) => globalThis.setTimeout(callback, ms),
  clearTimeout: (timer) => globalThis.clearTimeout(timer),
});

/** That of the code which executes. */
export function currentClock(): Clock {
  return (scopes.known()?.clock as Clock | undefined) ?? realClock;
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
