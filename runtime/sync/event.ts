/** A flag that many tasks can wait for. After asyncio.Event. */
import { REASON } from '../trace/format/kinds.ts';
import { abortable, type SignalOptions } from '../tasks/core/abort.ts';
import { DONE } from '../tasks/core/future-state.ts';
import type { Future } from '../tasks/core/future.ts';

import type { SyncOptions } from './permit-pool.ts';
import {
  beginResource,
  checkSyncOptions,
  describeResource,
  ResourceOperation,
  showResource,
  showWaiters,
} from './resource.ts';
import { WaitQueue, WaitQueueEntry } from './wait-queue.ts';

/**
 * Not set at first. `set` wakes all waiting tasks; from then on `wait` does not wait, until
 * `clear`. After asyncio.Event.
 * @example
 * const open = new Event();
 * const guest = function* () { yield* open.wait(); return 'came in'; };
 * const guests = [spawn(guest), spawn(guest)];
 * open.set();
 * await gather(guests); // → ['came in', 'came in']
 */
export class Event {
  /** As given; `''` without. */
  readonly name: string;
  readonly #operation: ResourceOperation;
  readonly #waiters = new WaitQueue<WaitQueueEntry<true>>();
  #isSet = false;

  /** @throws TypeError at once when the name is no text. */
  constructor(options: SyncOptions = {}) {
    this.name = checkSyncOptions('event', options);
    const id = beginResource('event', this.name, Infinity);
    this.#operation = new ResourceOperation(
      REASON.event,
      id,
      () => `wait() for ${describeResource('event', this.name)}`,
    );
  }

  /** `set` was called, and not `clear` since. */
  get isSet(): boolean {
    return this.#isSet;
  }

  /** Wakes all waiting tasks, in the order of asking. */
  set(): void {
    this.#isSet = true;
    for (let wait = this.#waiters.removeFirst(); wait !== null; wait = this.#waiters.removeFirst())
      wait.settle(DONE, true);
  }

  /** From here on `wait` waits for the next `set`. Tasks that were woken already go on. */
  clear(): void {
    this.#isSet = false;
  }

  /** Done when it is set; at once if it is set already. The result is true, as asyncio's. */
  wait(options?: SignalOptions): Future<true> {
    if (options !== undefined) return abortable('wait() for an event', options, () => this.wait());
    const wait = new WaitQueueEntry<true>(this.#operation);
    if (this.#isSet) wait.settle(DONE, true);
    else this.#waiters.add(wait);
    return wait;
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showResource('Event', this.name, [
      this.#isSet ? 'set' : 'not set',
      showWaiters(this.#waiters.size),
    ]);
  }
}
