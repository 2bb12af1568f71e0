/** A place where so many meet before any goes on. After asyncio.Barrier (Python 3.11). */
import { REASON } from '../trace/format/kinds.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import { DONE, FAILED } from '../tasks/core/future-state.ts';
import { Future } from '../tasks/core/future.ts';

import { BrokenBarrier } from './errors.ts';
import { WaitQueueEntry, WaitQueue } from './wait-queue.ts';
import { type SyncOptions } from './permit-pool.ts';
import { beginResource, describeResource, checkSyncOptions } from './resource.ts';

const WAITS_AT_BARRIER = REASON.barrier;

/**
 * When `parties` tasks wait at it, all go on, and it can be used anew. After asyncio.Barrier.
 * @example
 * const start = new Barrier(3);
 * const runner = function* () { return yield* start.wait(); };
 * await gather([runner, runner, runner]); // → [0, 1, 2]
 */
export class Barrier {
  /** As given; `''` without. */
  readonly name: string;
  /** How many meet. */
  readonly parties: number;
  readonly #id: number;
  readonly #line = new WaitQueue<Wait>();
  #isBroken = false;

  /** @param parties how many meet, a whole number from 1 up. @throws RangeError for anything else. */
  constructor(parties: number, options: SyncOptions = {}) {
    if (!(Number.isSafeInteger(parties) && parties > 0))
      throw new RangeError(
        `a barrier needs a whole number of parties from 1 up, not ${describeValue(parties)}`,
      );
    this.name = checkSyncOptions('barrier', options);
    this.parties = parties;
    this.#id = beginResource('barrier', this.name, parties);
  }

  /** How many wait at it now. */
  get waiting(): number {
    return this.#line.size;
  }

  /** It was aborted, and not reset since. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /**
   * Waits until all are there. Gives a number from 0 to parties − 1, another to each, in the order of coming, so that one can be chosen for
   * what only one is to do. One that is cancelled while it waits is simply not there, as in asyncio.
   * @throws (fails) with BrokenBarrier when the barrier is or gets aborted, or is reset meanwhile.
   */
  wait(): Future<number> {
    if (this.#isBroken) return Future.failed(this.#broken('was aborted'));
    const wait = new Wait(this.#id, this.#describe());
    this.#line.add(wait);
    if (this.#line.size === this.parties) {
      let index = 0;
      for (let one = this.#line.removeFirst(); one !== null; one = this.#line.removeFirst())
        one.settle(DONE, index++);
    }
    return wait;
  }

  /** Makes it useless: who waits and who comes later gets BrokenBarrier, until `reset`. */
  abort(): void {
    this.#isBroken = true;
    this.#fail('was aborted');
  }

  /** Makes it as new; who waits gets BrokenBarrier. */
  reset(): void {
    this.#isBroken = false;
    this.#fail('was reset');
  }

  #fail(how: string): void {
    for (let one = this.#line.removeFirst(); one !== null; one = this.#line.removeFirst())
      one.settle(FAILED, this.#broken(how));
  }

  #broken(how: string): BrokenBarrier {
    return new BrokenBarrier(`${this.#describe()} ${how}; wait() needs a whole one`);
  }

  #describe(): string {
    return describeResource('barrier', this.name);
  }
}

class Wait extends WaitQueueEntry<number> {
  readonly #target: number;
  readonly #of: string;
  constructor(target: number, of: string) {
    super();
    this.#target = target;
    this.#of = of;
  }
  override waitReason(): number {
    return WAITS_AT_BARRIER;
  }
  override waitTarget(): number {
    return this.#target;
  }
  override describe(): string {
    return `wait() at ${this.#of}`;
  }
}
