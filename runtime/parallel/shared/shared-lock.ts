/** A lock in memory that threads share. As an argument it becomes the same lock in a thread. */
import { isMainThread } from 'node:worker_threads';
import { beginResource, describeResource, checkName } from '../../sync/resource.ts';
import { CANCELLED, DONE, STATE } from '../../tasks/core/future-state.ts';
import { Future } from '../../tasks/core/future.ts';
import { checkOptions } from '../../tasks/core/options.ts';
import { bridge, recorder, traced } from '../../tasks/core/trace.ts';
import { KIND, REASON } from '../../trace/format/kinds.ts';
import { ResourceFuture } from '../core/resource-future.ts';

/** What crosses to another thread in place of a SharedLock. */
export interface SharedLockHandle {
  readonly 'simul:shared': 'lock';
  readonly buffer: SharedArrayBuffer;
  readonly name: string;
  /** Of the lock in the trace; 0 untraced. */
  readonly id: number;
}

/** States of the lock's word. */
const FREE = 0;
const HELD = 1;
/** The lock is held, and somebody waits for it. */
const CONTENDED = 2;
/** The longest delay of a timer that is a power of two, about twelve days. */
const LONG_MS = 2 ** 30;

/**
 * Held by one thread at a time, in memory that threads share: an argument for a Thread or a pool
 * of threads. It is not fair: when it is free, the first to ask takes it. `acquire` waits as a
 * task does; `acquireSync` blocks the thread. After multiprocessing.Lock.
 *
 * @example
 * const lock = new SharedLock({ name: 'log' });
 * const isHeld = (shared) => shared.with(() => shared.isLocked);
 * const thread = new Thread(isHeld, { args: [lock] }).start();
 * await thread.join(); // → true
 * lock.isLocked; // → false
 */
export class SharedLock {
  /** As given, or empty. */
  readonly name: string;
  readonly #words: Int32Array;
  readonly #id: number;
  #isHeldHere = false;

  constructor(options: { readonly name?: string } = {}, handle?: unknown) {
    checkOptions('SharedLock', options, ['name']);
    const from = handle as SharedLockHandle | undefined;
    this.name = from?.name ?? checkName('SharedLock', options.name);
    this.#words = new Int32Array(from?.buffer ?? new SharedArrayBuffer(4));
    this.#id = from?.id ?? beginResource('lock', this.name, Infinity);
  }

  /** Whether any thread holds the lock now. */
  get isLocked(): boolean {
    return Atomics.load(this.#words, 0) !== FREE;
  }

  /** Takes the lock if it is free. @returns whether it did. */
  acquireNow(): boolean {
    const wasFree = Atomics.compareExchange(this.#words, 0, FREE, HELD) === FREE;
    if (wasFree) this.#markAcquired();
    return wasFree;
  }

  /**
   * Waits for the lock and takes it; meanwhile the thread goes on with other tasks. The result
   * releases the lock when it is disposed: `using held = await lock.acquire()`. A wait that is
   * cancelled does not take the lock.
   */
  acquire(): Future<Disposable> {
    const held = { [Symbol.dispose]: () => this.release() };
    if (this.acquireNow()) return Future.done(held);
    const acquiring = new SharedAcquire(traced ? this.#id : 0, `the wait for ${this.#describe()}`);
    void this.#acquireLater(acquiring, held);
    return acquiring;
  }

  /**
   * Takes the lock, and blocks the whole thread until it can, as Python's `acquire` does. Use it in
   * a thread of the library.
   * @throws Error in the main thread when the lock is held: that thread must never block; use
   *   `await lock.acquire()` there.
   */
  acquireSync(): Disposable {
    if (!this.acquireNow()) {
      if (isMainThread)
        throw new Error(
          `${this.#describe()} is held, and the main thread must not block: await lock.acquire()`,
        );
      this.#blockUntilAcquired();
    }
    return { [Symbol.dispose]: () => this.release() };
  }

  /** Releases the lock. @throws Error when this thread does not hold it. */
  release(): void {
    if (!this.#isHeldHere)
      throw new Error(`${this.#describe()} is not held by this thread; release() needs a lock that is`);
    this.#isHeldHere = false;
    if (traced) recorder.write(KIND.release, 0, bridge.currentId(), this.#id, 1, 0, 0);
    if (Atomics.exchange(this.#words, 0, FREE) === CONTENDED) Atomics.notify(this.#words, 0, 1);
  }

  /**
   * Calls the function while holding the lock. @returns the function's result.
   * @throws (rejects) with the function's error; the lock is released in any case.
   */
  async with<T>(fn: () => T | PromiseLike<T>): Promise<T> {
    await this.acquire();
    try {
      return await fn();
    } finally {
      this.release();
    }
  }

  /** @internal */
  toHandle(): SharedLockHandle {
    const buffer = this.#words.buffer as SharedArrayBuffer;
    return { 'simul:shared': 'lock', buffer, name: this.name, id: this.#id };
  }

  #markAcquired(): void {
    this.#isHeldHere = true;
    if (traced) recorder.write(KIND.acquire, 0, bridge.currentId(), this.#id, 0, 0, 0);
  }

  #blockUntilAcquired(): void {
    const task = traced ? bridge.currentId() : 0;
    if (task !== 0) recorder.write(KIND.wait, REASON.lock, task, 0, this.#id, 0, 0);
    while (Atomics.exchange(this.#words, 0, CONTENDED) !== FREE) Atomics.wait(this.#words, 0, CONTENDED);
    if (task !== 0) recorder.write(KIND.run, 0, task, 0, this.#id, 0, 0);
    this.#markAcquired();
  }

  async #acquireLater(acquiring: SharedAcquire, held: Disposable): Promise<void> {
    acquiring.keepAlive();
    while (Atomics.exchange(this.#words, 0, CONTENDED) !== FREE) {
      const { value } = Atomics.waitAsync(this.#words, 0, CONTENDED);
      await value;
      if ((acquiring.flags & STATE) === CANCELLED) {
        // The notification that came here is due to another waiter.
        Atomics.notify(this.#words, 0, 1);
        return;
      }
    }
    this.#markAcquired();
    acquiring.stopKeepingAlive();
    if (!acquiring.settle(DONE, held)) this.release();
  }

  #describe(): string {
    return describeResource('lock', this.name);
  }
}

class SharedAcquire extends ResourceFuture<Disposable> {
  #keepAliveTimer: NodeJS.Timeout | undefined;

  constructor(lock: number, description: string) {
    super(REASON.lock, lock, description);
  }

  /** A wait for shared memory alone would not keep the process alive. */
  keepAlive(): void {
    this.#keepAliveTimer = setInterval(() => {}, LONG_MS);
  }

  stopKeepingAlive(): void {
    clearInterval(this.#keepAliveTimer);
  }

  /**
   * A cancelled wait keeps nothing alive, though its place in the memory's wait queue stays until
   * the next release.
   */
  protected override onCancelled(): void {
    this.stopKeepingAlive();
  }
}
