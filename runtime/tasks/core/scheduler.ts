/**
 * The ready queue of a thread: steps that can go on, first come, first served. Each step runs to
 * its next wait.
 *
 *   ready(step) ─▶ ring (a power of two, doubled when full) ─▶ pump ─▶ step.step()
 *
 * A switch allocates nothing. The pump runs in a microtask, so that a woken step goes on in the
 * same turn of Node's event loop. After a slice of time it lets the loop turn once, so that tasks
 * which only wake each other never keep out I/O and timers. With a source of random numbers the
 * next step is drawn, not taken from the front: the same seed gives the same order.
 *
 * The scheduler knows no tasks, futures or clocks. Its settings have setters; nothing else
 * changes them.
 */

import { refillLines } from './kept-line.ts';
import { soon } from './soon.ts';
import { builtIns, realNowMs } from './trace.ts';

/** Something that can go on. It never throws: it handles its own errors. */
export interface Step {
  /** @internal */
  step(): void;
}

/** How long the pump runs before Node's event loop gets its turn. */
const SLICE_MS = 2;
/** Steps before the first reading of the time: a pump of a few steps never reads it. */
const FIRST_CHECK_STEPS = 8;
/** Steps between two readings of the time. */
const CLOCK_CHECK_STEPS = 64;
/** Steps in a slice where the order must not depend on the speed of the machine. */
const STEPS_A_SLICE = 1024;

export class Scheduler<Current extends object> {
  /** The task that executes now. Known up to its first wait for something outside the library. */
  current: Current | null = null;
  /**
   * Number of the step that runs. One number is left out where the pump stops. Two steps with
   * consecutive numbers follow each other without a gap.
   */
  serial = 0;
  #context: (() => Current | null) | null = null;
  #runTurn: (turn: () => void) => void = (turn) => turn();
  #onIdle: (() => void) | null = null;
  #random: (() => number) | null = null;
  #isDeterministic = false;
  #ring: (Step | null)[] = Array.from<null>({ length: 64 }).fill(null);
  #mask = 63;
  #head = 0;
  #tail = 0;
  /** A pump runs or is scheduled. */
  #isPumping = false;

  readonly #turn = (): void => {
    this.#runTurn(this.#pump);
  };

  readonly #pump = (): void => {
    let { serial } = this;
    let startMs = -1;
    let checkAt = serial + (this.#isDeterministic ? STEPS_A_SLICE : FIRST_CHECK_STEPS);
    while (this.#head !== this.#tail) {
      this.serial = ++serial;
      this.#take().step();
      if (serial !== checkAt) continue;
      const nowMs = realNowMs();
      refillLines(nowMs);
      if (this.#isDeterministic || (startMs >= 0 && nowMs - startMs > SLICE_MS)) {
        this.serial = serial + 1;
        builtIns.setImmediate(this.#turn);
        return;
      }
      if (startMs < 0) startMs = nowMs;
      checkAt = serial + CLOCK_CHECK_STEPS;
    }
    this.serial = serial + 1;
    this.#isPumping = false;
    this.#onIdle?.();
  };

  /**
   * Sets what finds the current task behind an `await` of something that the scheduler does not
   * see; null: nothing.
   */
  setContext(current: (() => Current | null) | null): void {
    this.#context = current;
  }

  /** Sets what calls a turn of the pump, so that it belongs to no task, whoever woke it. */
  setTurnRunner(runTurn: (turn: () => void) => void): void {
    this.#runTurn = runTurn;
  }

  /** Sets what is called when no step is ready any more; null: nothing. */
  setIdleListener(listener: (() => void) | null): void {
    this.#onIdle = listener;
  }

  /**
   * Sets the source of [0, 1) that the next step is drawn by, from all that are ready; null: first
   * come, first served.
   */
  setRandom(random: (() => number) | null): void {
    this.#random = random;
  }

  /** A number in [0, 1), from the source of the order where there is one. */
  draw(): number {
    return this.#random === null ? Math.random() : this.#random();
  }

  /**
   * Sets whether the order is promised: slices then end after a number of steps, so that what goes
   * on in microtasks finds the queue at the same step each time.
   */
  setDeterministic(isDeterministic: boolean): void {
    this.#isDeterministic = isDeterministic;
  }

  /** Whether the current task is found behind an `await` of something else. */
  get hasContext(): boolean {
    return this.#context !== null;
  }

  /** The task whose code runs now, as far as it is known. */
  currentRunner(): Current | null {
    return this.current ?? (this.#context === null ? null : this.#context());
  }

  get isIdle(): boolean {
    return this.#head === this.#tail;
  }

  /** Puts a step at the end of the queue. */
  ready(step: Step): void {
    const tail = this.#tail;
    this.#ring[tail & this.#mask] = step;
    this.#tail = (tail + 1) | 0;
    if (((this.#tail - this.#head) | 0) > this.#mask) this.#grow();
    if (!this.#isPumping) {
      this.#isPumping = true;
      soon(this.#turn);
    }
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
