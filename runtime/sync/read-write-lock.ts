/** A lock that many may hold to read, or one to write. */
import type { SignalOptions } from '../tasks/core/abort.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import type { Future } from '../tasks/core/future.ts';
import type { Coroutine, Task, TaskBody, TaskOptions } from '../tasks/core/task.ts';
import type { Permit } from './permit.ts';
import type { SyncOptions } from './permit-pool.ts';
import { checkSyncOptions, describeResource, showResource, showWaiters } from './resource.ts';
import { Semaphore } from './semaphore.ts';

/** How a read-write lock is made. */
export interface ReadWriteLockOptions extends SyncOptions {
  /** How many may read at the same time; without it 1000. */
  readonly maxReaders?: number;
}

/**
 * Many tasks read at the same time, one writes alone; all in the order of asking, so neither
 * readers nor writers are kept out for ever. After ReadWriteLock of Java, in its fair form.
 * @example
 * const menu = new ReadWriteLock();
 * const seen = [];
 * await gather([
 *   menu.read.with(async () => { await sleep(2); seen.push('a'); }),
 *   menu.write.with(async () => { seen.push('new menu'); }),
 *   menu.read.with(async () => { seen.push('b'); }),
 * ]);
 * seen; // → ['a', 'new menu', 'b']
 */
export class ReadWriteLock {
  /** As given; `''` without. */
  readonly name: string;
  /** Shared with other readers. */
  readonly read: LockSide;
  /** Alone. */
  readonly write: LockSide;
  readonly #permits: NamedSemaphore;

  /** @throws TypeError for a name that is no text; RangeError for `maxReaders`, a whole number. */
  constructor(options: ReadWriteLockOptions = {}) {
    this.name = checkSyncOptions('read-write lock', options, 'maxReaders');
    const { maxReaders = 1000 } = options;
    if (!(Number.isSafeInteger(maxReaders) && maxReaders > 0))
      throw new RangeError(
        `the maxReaders of a read-write lock must be a whole number from 1 up, not ${describeValue(maxReaders)}`,
      );
    // A reader has one permit, a writer all of them.
    const permits = new NamedSemaphore(maxReaders, { name: this.name });
    this.#permits = permits;
    this.read = new LockSide(permits, 1);
    this.write = new LockSide(permits, maxReaders);
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.#permits.show();
  }
}

/** Messages call it by what it serves. */
class NamedSemaphore extends Semaphore {
  override describe(): string {
    return describeResource('read-write lock', this.name);
  }

  show(): string {
    const held = this.heldPermits();
    const isWritten = this.permits > 1 && held[0]?.permits === this.permits;
    const holders = isWritten ? 'written' : `${held.length} ${held.length === 1 ? 'reads' : 'read'}`;
    return showResource('ReadWriteLock', this.name, [
      held.length === 0 ? 'free' : this.permits === 1 ? 'held' : holders,
      showWaiters(this.waiters.size),
    ]);
  }
}

/** One way to hold a read-write lock. */
export class LockSide {
  readonly #semaphore: Semaphore;
  readonly #permits: number;

  /** @internal */
  constructor(semaphore: Semaphore, permits: number) {
    this.#semaphore = semaphore;
    this.#permits = permits;
  }

  /** Holds the lock as soon as that is possible, in the order of asking. */
  acquire(options: SignalOptions = {}): Future<Permit> {
    return this.#semaphore.acquire({ ...options, permits: this.#permits });
  }

  /** Holds the lock if that is possible now and nobody waits; else null. */
  tryAcquire(): Permit | null {
    return this.#semaphore.tryAcquire({ permits: this.#permits });
  }

  /** Calls `fn` while holding the lock, in a task of its own. @returns its task. */
  with<T>(fn: () => Coroutine<T>, options?: TaskOptions): Task<T>;
  with<T>(fn: () => PromiseLike<T> | T, options?: TaskOptions): Task<T>;
  with<T>(fn: TaskBody<T>, options: TaskOptions = {}): Task<T> {
    return this.#semaphore.with(fn as () => Coroutine<T>, { ...options, permits: this.#permits });
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `LockSide of ${this.#semaphore.describe()}`;
  }
}
