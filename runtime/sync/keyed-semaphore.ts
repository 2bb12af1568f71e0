/** A semaphore for each key: so many at a time of a host, a user, a file. */
import type { SignalOptions } from '../tasks/core/abort.ts';
import type { Future } from '../tasks/core/future.ts';
import type { Coroutine, Task, TaskBody, TaskOptions } from '../tasks/core/task.ts';
import type { Permit } from './permit.ts';
import type { SyncOptions } from './permit-pool.ts';
import { checkSyncOptions, showResource } from './resource.ts';
import { Semaphore } from './semaphore.ts';

/**
 * So many tasks at a time for each key. The semaphore of a key is there while somebody has it or
 * waits for it; any number of keys costs nothing. After the groups of Bottleneck.
 * @example
 * const hosts = new KeyedSemaphore(1);
 * let most = 0;
 * let now = 0;
 * const fetchFrom = (host) => hosts.with(host, async () => {
 *   most = Math.max(most, ++now);
 *   await sleep(1);
 *   now--;
 * });
 * await gather([fetchFrom('a'), fetchFrom('a'), fetchFrom('b')]);
 * most; // → 2
 * hosts.size; // → 0
 */
export class KeyedSemaphore<Key> {
  /** As given; `''` without. */
  readonly name: string;
  /** How many permits each key has. */
  readonly permits: number;
  readonly #semaphores = new Map<Key, Semaphore>();

  /** @param permits of each key, a whole number from 1 up. @throws RangeError for anything else. */
  constructor(permits: number, options: SyncOptions = {}) {
    this.name = checkSyncOptions('keyed semaphore', options);
    // Refuses what is no number of permits.
    this.permits = new Semaphore(permits).permits;
  }

  /** How many keys somebody has or waits for. */
  get size(): number {
    return this.#semaphores.size;
  }

  /** Takes a permit of the key as soon as there is one, in the order of asking. */
  acquire(key: Key, options?: SignalOptions): Future<Permit> {
    const acquired = this.#of(key).acquire(options);
    acquired.onDone(() => this.#forget(key));
    return acquired;
  }

  /** A permit of the key if there is one now and nobody waits; else null. */
  tryAcquire(key: Key): Permit | null {
    return this.#of(key).tryAcquire();
  }

  /** Calls `fn` while holding a permit of the key, in a task of its own. @returns its task. */
  with<T>(key: Key, fn: () => Coroutine<T>, options?: TaskOptions): Task<T>;
  with<T>(key: Key, fn: () => PromiseLike<T> | T, options?: TaskOptions): Task<T>;
  with<T>(key: Key, fn: TaskBody<T>, options?: TaskOptions): Task<T> {
    const task = this.#of(key).with(fn as () => Coroutine<T>, options);
    task.onDone(() => this.#forget(key));
    return task;
  }

  #of(key: Key): Semaphore {
    let semaphore = this.#semaphores.get(key);
    if (semaphore === undefined) {
      const name = this.name === '' ? String(key) : `${this.name} ${String(key)}`;
      semaphore = new Semaphore(this.permits, { name });
      semaphore.onIdle = () => this.#forget(key);
      this.#semaphores.set(key, semaphore);
    }
    return semaphore;
  }

  /** Nobody has it or waits for it. */
  #forget(key: Key): void {
    if (this.#semaphores.get(key)?.isIdle === true) this.#semaphores.delete(key);
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showResource('KeyedSemaphore', this.name, [
      `${this.permits} of each key`,
      `${this.size} ${this.size === 1 ? 'key' : 'keys'} in use`,
    ]);
  }
}
