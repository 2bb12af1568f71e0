/**
 * The ready queue of a thread: what can go on, first come, first served, each step run to its next wait.
 *
 *   ready(step) ─▶ ring (a power of two, doubled when full, nothing allocated a switch) ─▶ pump ─▶ step.step()
 *
 * The pump runs in a microtask, so that a wake goes on in the same turn of Node's event loop; after a slice of time it lets the loop
 * turn once, so that I/O and timers are never kept out by tasks that only hand on to each other. With a seed the next one is
 * drawn, not taken from the front: the same seed, the same order.
 */

import { builtIns } from './trace.ts';

/** Something that can go on. It never throws: what goes wrong in it is its own to tell. */
export interface Step {
  /** @internal */
  step(): void;
}

/** How long the pump runs before Node's event loop gets its turn. */
const SLICE_MS = 2;
/** Steps between two looks at the clock. */
const CLOCK_CHECK_STEPS = 64;
/** Where the order must not depend on how fast the machine is: how many steps the pump runs instead. */
const STEPS_A_SLICE = 1024;

export class Scheduler<Current extends object> {
  /** The task that executes now, as far as it is known: up to the first wait that is none of ours. */
  current: Current | null = null;
  /** Tells whose code runs where `current` does not know: behind a wait that is none of ours. Null: nobody can tell. */
  context: (() => Current | null) | null = null;
  /** What a turn of the pump runs in, so that it is nobody's. */
  drainScheduled: ((turn: () => void) => void) | null = null;
  /** Called when nothing is ready any more. */
  onIdle: (() => void) | null = null;
  #ring: (Step | null)[] = Array.from<null>({ length: 64 }).fill(null);
  #mask = 63;
  #head = 0;
  #tail = 0;
  /** A pump runs or is on its way. */
  #pumping = false;
  #random: (() => number) | null = null;
  /** The order is promised: what goes on in microtasks finds the queue at the same step each time. */
  isDeterministic = false;
  /** Number of the step that runs; one is left out where the pump stops. What one step ends with is what the next begins with. */
  serial = 0;

  readonly #turn = (): void => {
    if (this.drainScheduled === null) this.#pump();
    else this.drainScheduled(this.#pump);
  };

  readonly #pump = (): void => {
    const startMs = performance.now();
    let { serial } = this;
    const last = this.isDeterministic ? serial + STEPS_A_SLICE : -1;
    while (this.#head !== this.#tail) {
      this.serial = ++serial;
      this.#take().step();
      const isOver =
        last === -1
          ? serial % CLOCK_CHECK_STEPS === 0 && performance.now() - startMs > SLICE_MS
          : serial === last;
      if (isOver) {
        this.serial = serial + 1;
        builtIns.setImmediate(this.#turn);
        return;
      }
    }
    this.serial = serial + 1;
    this.#pumping = false;
    this.onIdle?.();
  };

  /** Whose code runs now, as far as anybody knows. */
  currentRunner(): Current | null {
    return this.current ?? (this.context === null ? null : this.context());
  }

  get idle(): boolean {
    return this.#head === this.#tail;
  }

  /** Puts a step at the end of the queue. */
  ready(step: Step): void {
    const tail = this.#tail;
    this.#ring[tail & this.#mask] = step;
    this.#tail = (tail + 1) | 0;
    if (((this.#tail - this.#head) | 0) > this.#mask) this.#grow();
    if (!this.#pumping) {
      this.#pumping = true;
      builtIns.queueMicrotask(this.#turn);
    }
  }

  /** Draws the next one from all that are ready, by this source of [0, 1); null: first come, first served. */
  shuffle(random: (() => number) | null): void {
    this.#random = random;
  }

  #take(): Step {
    const head = this.#head;
    const at = head & this.#mask;
    if (this.#random !== null) this.#draw(this.#random, at);
    const step = this.#ring[at]!;
    this.#ring[at] = null;
    this.#head = (head + 1) | 0;
    return step;
  }

  #draw(random: () => number, at: number): void {
    const count = (this.#tail - this.#head) | 0;
    const drawn = (this.#head + Math.floor(random() * count)) & this.#mask;
    const step = this.#ring[drawn]!;
    this.#ring[drawn] = this.#ring[at]!;
    this.#ring[at] = step;
  }

  #grow(): void {
    const count = this.#mask + 1;
    const ring = Array.from<Step | null>({ length: count * 2 }).fill(null);
    for (let i = 0; i < count; i++) ring[i] = this.#ring[(this.#head + i) & this.#mask]!;
    this.#ring = ring;
    this.#mask = count * 2 - 1;
    this.#head = 0;
    this.#tail = count;
  }
}
