/** Sleeps, and the heap in which they stand by their deadlines. */
import { KIND, REASON, RESOURCE_KIND } from '../../trace/format/kinds.ts';
import { CANCELLED, DONE, STATE } from '../core/future-state.ts';
import { Future } from '../core/future.ts';
import { recorder, traced } from '../core/trace.ts';

export class Sleep<T = void> extends Future<T> {
  readonly givenResult: T;
  readonly dueMs: number;
  readonly serial: number;
  /** Where it stands; null when it stands nowhere. */
  heap: SleepHeap | null = null;
  /** Its index there. */
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
    this.heap?.remove(this as Sleep<unknown>);
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

export class SleepHeap {
  readonly #heap: Sleep<unknown>[] = [];
  readonly #onEmpty: () => void;

  /** @param onEmpty called when the last has left. */
  constructor(onEmpty: () => void) {
    this.#onEmpty = onEmpty;
  }

  /** The one that is due first; null: there is none. */
  get first(): Sleep<unknown> | null {
    return this.#heap[0] ?? null;
  }

  add(sleep: Sleep<unknown>): void {
    sleep.heap = this;
    this.#moveUp(this.#heap.push(sleep) - 1);
  }

  remove(sleep: Sleep<unknown>): void {
    const { heapIndex } = sleep;
    if (sleep.heap !== this) return;
    sleep.heap = null;
    const last = this.#heap.pop()!;
    if (last !== sleep) {
      this.#heap[heapIndex] = last;
      last.heapIndex = heapIndex;
      this.#moveUp(heapIndex);
      this.#moveDown(last.heapIndex);
    } else if (this.#heap.length === 0) this.#onEmpty();
  }

  /** Ends all that are due by then, in their order. */
  wakeDue(nowMs: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.dueMs <= nowMs; first = this.#heap[0]) {
      this.remove(first);
      if ((first.flags & STATE) !== CANCELLED) first.settle(DONE, first.givenResult, -1);
    }
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

/** Sleeps that are due at the same time end in the order in which they began. */
function isBefore(a: Sleep<unknown>, b: Sleep<unknown>): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.serial < b.serial);
}

const timers = new Map<number, number>();
/** Sleeps of further lengths share one resource. */
const MAX_TIMERS = 1000;

/** The resource that a sleep of so many ms waits for in the trace; one for each length. */
export function timerOf(ms: number): number {
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
