/** A flag that many can wait for. After asyncio.Event. */
import { REASON } from '../trace/format/kinds.ts';
import { DONE } from '../tasks/core/future-state.ts';
import type { Future } from '../tasks/core/future.ts';

import { WaitQueueEntry, WaitQueue } from './wait-queue.ts';
import { type SyncOptions } from './permit-pool.ts';
import { beginResource, describeResource, checkSyncOptions } from './resource.ts';

const WAITS_FOR_EVENT = REASON.event;

/**
 * Not set at first; `set` wakes all who wait, and from then on `wait` does not wait, until `clear`. After asyncio.Event.
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
  readonly #id: number;
  readonly #line = new WaitQueue<Wait>();
  #isSet = false;

  /** @throws TypeError at once when the name is no text. */
  constructor(options: SyncOptions = {}) {
    this.name = checkSyncOptions('event', options);
    this.#id = beginResource('event', this.name, Infinity);
  }

  /** `set` was called, and not `clear` since. */
  get isSet(): boolean {
    return this.#isSet;
  }

  /** Wakes all who wait, in the order of their coming. */
  set(): void {
    this.#isSet = true;
    for (let wait = this.#line.removeFirst(); wait !== null; wait = this.#line.removeFirst())
      wait.settle(DONE, true);
  }

  /** From here on `wait` waits for the next `set`. Whoever was woken already goes on. */
  clear(): void {
    this.#isSet = false;
  }

  /** Done when it is set: at once if it is. Gives true, as asyncio's. */
  wait(): Future<true> {
    const wait = new Wait(this.#id, describeResource('event', this.name));
    if (this.#isSet) wait.settle(DONE, true);
    else this.#line.add(wait);
    return wait;
  }
}

class Wait extends WaitQueueEntry<true> {
  readonly #target: number;
  readonly #of: string;
  constructor(target: number, of: string) {
    super();
    this.#target = target;
    this.#of = of;
  }
  override waitReason(): number {
    return WAITS_FOR_EVENT;
  }
  override waitTarget(): number {
    return this.#target;
  }
  override describe(): string {
    return `wait() for ${this.#of}`;
  }
}
