/** Lets a number of tasks wait for each other before any goes on. After asyncio.Barrier (3.11). */
import { REASON } from '../trace/format/kinds.ts';
import { abortable, type SignalOptions } from '../tasks/core/abort.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import { DONE, FAILED } from '../tasks/core/future-state.ts';
import { Future } from '../tasks/core/future.ts';

import { BrokenBarrier } from './errors.ts';
import type { SyncOptions } from './permit-pool.ts';
import {
  beginResource,
  checkSyncOptions,
  describeResource,
  ResourceOperation,
  showResource,
} from './resource.ts';
import { WaitQueue, WaitQueueEntry } from './wait-queue.ts';

/**
 * When `parties` tasks wait at it, all of them go on, and it can be used again. After
 * asyncio.Barrier.
 * @example
 * const start = new Barrier(3);
 * const runner = function* () { return yield* start.wait(); };
 * await gather([runner, runner, runner]); // → [0, 1, 2]
 */
export class Barrier {
  /** As given; `''` without. */
  readonly name: string;
  /** How many tasks it waits for. */
  readonly parties: number;
  readonly #operation: ResourceOperation;
  readonly #waiters = new WaitQueue<WaitQueueEntry<number>>();
  #isBroken = false;

  /** @param parties a whole number from 1 up. @throws RangeError for anything else. */
  constructor(parties: number, options: SyncOptions = {}) {
    if (!(Number.isSafeInteger(parties) && parties > 0))
      throw new RangeError(
        `a barrier needs a whole number of parties from 1 up, not ${describeValue(parties)}`,
      );
    this.name = checkSyncOptions('barrier', options);
    this.parties = parties;
    const id = beginResource('barrier', this.name, parties);
    this.#operation = new ResourceOperation(REASON.barrier, id, () => `wait() at ${this.#describe()}`);
  }

  /** How many tasks wait at it now. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /** It was aborted, and not reset since. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /**
   * Waits until all parties are there. Each gets a number from 0 to parties − 1, in the order of
   * arrival, so that one of them can be chosen for what only one is to do. A task that is cancelled
   * while it waits does not count, as in asyncio.
   * @throws (fails) with BrokenBarrier when the barrier is or gets aborted, or is reset meanwhile.
   */
  wait(options?: SignalOptions): Future<number> {
    if (options !== undefined) return abortable('wait() at a barrier', options, () => this.wait());
    if (this.#isBroken) return Future.failed(this.#broken('was aborted'));
    const wait = new WaitQueueEntry<number>(this.#operation);
    this.#waiters.add(wait);
    if (this.#waiters.size === this.parties) {
      let index = 0;
      let arrived = this.#waiters.removeFirst();
      for (; arrived !== null; arrived = this.#waiters.removeFirst()) arrived.settle(DONE, index++);
    }
    return wait;
  }

  /** Breaks it: tasks that wait now or later get BrokenBarrier, until `reset`. */
  abort(): void {
    this.#isBroken = true;
    this.#failAll('was aborted');
  }

  /** Makes it usable again. Tasks that wait now get BrokenBarrier. */
  reset(): void {
    this.#isBroken = false;
    this.#failAll('was reset');
  }

  #failAll(cause: string): void {
    for (let wait = this.#waiters.removeFirst(); wait !== null; wait = this.#waiters.removeFirst())
      wait.settle(FAILED, this.#broken(cause));
  }

  #broken(cause: string): BrokenBarrier {
    return new BrokenBarrier(`${this.#describe()} ${cause}; wait() needs a whole one`);
  }

  #describe(): string {
    return describeResource('barrier', this.name);
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showResource('Barrier', this.name, [
      `${this.waiting} of ${this.parties} wait`,
      this.#isBroken ? 'broken' : '',
    ]);
  }
}
