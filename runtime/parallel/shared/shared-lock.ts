/** A lock and a counter in memory that threads share: arguments that become the same lock and the same counter on the other side. */
import { isMainThread } from 'node:worker_threads';
import { beginResource, describeResource, checkName } from '../../sync/resource.ts';
import { CANCELLED, DONE, STATE } from '../../tasks/core/future-state.ts';
import { Future } from '../../tasks/core/future.ts';
import { checkOptions } from '../../tasks/core/options.ts';
import { describeValue } from '../../tasks/core/describe-value.ts';
import { bridge, recorder, traced } from '../../tasks/core/trace.ts';
import { KIND, REASON } from '../../trace/format/kinds.ts';
import type { NumberArray } from '../transport/messages.ts';

const SHARED_HANDLE = 'simul:shared';
interface SharedHandle {
  readonly [SHARED_HANDLE]: 'lock' | 'counter';
  readonly buffer: SharedArrayBuffer;
  readonly name: string;
  readonly id: number;
}

const FREE = 0;
const HELD = 1;
/** Held, and somebody waits. */
const CONTENDED = 2;
const WAITS_FOR_LOCK = REASON.lock;
const LONG_MS = 2 ** 30;

/**
 * Held by one thread at a time, in memory that threads share: an argument for a Thread or a pool of threads. Not fair: whoever comes first
 * when it is free takes it. `acquire` waits as a task does; `acquireSync` blocks the thread. After multiprocessing.Lock.
 *
 * @example
 * const lock = new SharedLock({ name: 'log' });
 * const thread = new Thread((shared) => shared.with(() => shared.isLocked), { args: [lock] }).start();
 * await thread.join(); // → true
 * lock.isLocked; // → false
 */
export class SharedLock {
  /** As given, or empty. */
  readonly name: string;
  readonly #words: Int32Array;
  readonly #id: number;
  #holds = false;

  constructor(options: { readonly name?: string } = {}, wired?: unknown) {
    checkOptions('SharedLock', options, ['name']);
    const from = wired as SharedHandle | undefined;
    this.name = from?.name ?? checkName('SharedLock', options.name);
    this.#words = new Int32Array(from?.buffer ?? new SharedArrayBuffer(4));
    this.#id = from?.id ?? beginResource('lock', this.name, Infinity);
  }

  /** Whether anybody holds it now. */
  get isLocked(): boolean {
    return Atomics.load(this.#words, 0) !== FREE;
  }

  /** Takes it if it is free. @returns whether it did. */
  acquireNow(): boolean {
    const free = Atomics.compareExchange(this.#words, 0, FREE, HELD) === FREE;
    if (free) this.#taken();
    return free;
  }

  /**
   * Waits for it and takes it; the thread goes on with others meanwhile. What it gives releases it: `using held = await lock.acquire()`.
   * Whoever cancels the wait does not get it.
   */
  acquire(): Future<Disposable> {
    const held = { [Symbol.dispose]: () => this.release() };
    if (this.acquireNow()) return Future.done(held);
    const taking = new SharedAcquire<Disposable>(traced ? this.#id : 0, this.#described());
    void this.#waitFor(taking, held);
    return taking;
  }

  /**
   * Takes it, and blocks the whole thread until it can: in a thread of the library what Python's `acquire` does.
   * @throws Error in the main thread when it is held: that thread must never block; `await lock.acquire()` there.
   */
  acquireSync(): Disposable {
    if (!this.acquireNow()) {
      if (isMainThread)
        throw new Error(
          `${this.#described()} is held, and the main thread must not block: await lock.acquire()`,
        );
      this.#block();
    }
    return { [Symbol.dispose]: () => this.release() };
  }

  /** Gives it back. @throws Error when this thread does not hold it. */
  release(): void {
    if (!this.#holds)
      throw new Error(`${this.#described()} is not held by this thread; release() needs a lock that is`);
    this.#holds = false;
    if (traced) recorder.write(KIND.release, 0, bridge.currentId(), this.#id, 1, 0, 0);
    if (Atomics.exchange(this.#words, 0, FREE) === CONTENDED) Atomics.notify(this.#words, 0, 1);
  }

  /** Calls the function while holding the lock, and gives what that gives. @throws (rejects) with its error; the lock is given back in any case. */
  async with<T>(fn: () => T | PromiseLike<T>): Promise<T> {
    await this.acquire();
    try {
      return await fn();
    } finally {
      this.release();
    }
  }

  /** @internal */
  toWire(): SharedHandle {
    return {
      [SHARED_HANDLE]: 'lock',
      buffer: this.#words.buffer as SharedArrayBuffer,
      name: this.name,
      id: this.#id,
    };
  }

  #taken(): void {
    this.#holds = true;
    if (traced) recorder.write(KIND.acquire, 0, bridge.currentId(), this.#id, 0, 0, 0);
  }

  #block(): void {
    const id = traced ? bridge.currentId() : 0;
    if (id !== 0) recorder.write(KIND.wait, WAITS_FOR_LOCK, id, 0, this.#id, 0, 0);
    while (Atomics.exchange(this.#words, 0, CONTENDED) !== FREE) Atomics.wait(this.#words, 0, CONTENDED);
    if (id !== 0) recorder.write(KIND.run, 0, id, 0, this.#id, 0, 0);
    this.#taken();
  }

  async #waitFor(taking: SharedAcquire<Disposable>, held: Disposable): Promise<void> {
    taking.keepAlive();
    while (Atomics.exchange(this.#words, 0, CONTENDED) !== FREE) {
      const { value } = Atomics.waitAsync(this.#words, 0, CONTENDED);
      await value;
      if ((taking.flags & STATE) === CANCELLED) {
        // The notice that came was for somebody else.
        Atomics.notify(this.#words, 0, 1);
        return;
      }
    }
    this.#taken();
    taking.letGo();
    if (!taking.settle(DONE, held)) this.release();
  }

  #described(): string {
    return describeResource('lock', this.name);
  }
}

class SharedAcquire<T> extends Future<T> {
  readonly #lock: number;
  readonly #described: string;
  #alive: NodeJS.Timeout | undefined;

  constructor(lock: number, described: string) {
    super();
    this.#lock = lock;
    this.#described = described;
  }

  /** A wait for shared memory alone would not keep the process alive. */
  keepAlive(): void {
    this.#alive = setInterval(() => {}, LONG_MS);
  }
  letGo(): void {
    clearInterval(this.#alive);
  }
  /** Who gave up its wait keeps nothing alive, though its place in the line of the memory stays until the next release. */
  protected override onCancelled(): void {
    this.letGo();
  }

  override waitReason(): number {
    return WAITS_FOR_LOCK;
  }
  override waitTarget(): number {
    return this.#lock;
  }
  override describe(): string {
    return `the wait for ${this.#described}`;
  }
}

/**
 * A whole number that threads count up together, exact up to 2⁵³. After multiprocessing.Value.
 *
 * @example
 * const counter = new SharedCounter();
 * const threads = [1, 2].map(() => new Thread((shared) => void shared.add(10), { args: [counter] }).start());
 * for (const thread of threads) await thread.join();
 * counter.value; // → 20
 */
export class SharedCounter {
  readonly #cell: BigInt64Array;

  /** @param start a whole number. @throws RangeError at once for another number, TypeError for anything else. */
  constructor(start = 0, wired?: unknown) {
    const first = wholeBig(start, 'SharedCounter');
    const from = wired as SharedHandle | undefined;
    this.#cell = new BigInt64Array(from?.buffer ?? new SharedArrayBuffer(8));
    if (from === undefined) this.#cell[0] = first;
  }

  /** What it is now. */
  get value(): number {
    return Number(Atomics.load(this.#cell, 0));
  }
  set value(value: number) {
    Atomics.store(this.#cell, 0, wholeBig(value, 'the value of a SharedCounter'));
  }

  /** @returns what it is after that. @throws as the constructor. */
  add(count = 1): number {
    const more = wholeBig(count, 'counter.add()');
    return Number(Atomics.add(this.#cell, 0, more) + more);
  }

  /** @internal */
  toWire(): SharedHandle {
    return { [SHARED_HANDLE]: 'counter', buffer: this.#cell.buffer as SharedArrayBuffer, name: '', id: 0 };
  }
}

function wholeBig(value: number, who: string): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value);
  const Class = typeof value === 'number' ? RangeError : TypeError;
  throw new Class(`${who} needs a whole number, not ${describeValue(value)}`);
}

/** Shared things become what can be cloned, once they were checked (see values.ts). The same array when there are none. */
export function sharedArguments(args: readonly unknown[]): readonly unknown[] {
  return args.some(isShared) ? args.map((arg) => (isShared(arg) ? arg.toWire() : arg)) : args;
}

export function isShared(value: unknown): value is SharedLock | SharedCounter {
  return value instanceof SharedLock || value instanceof SharedCounter;
}

/** In the worker: wired arguments become what they were. */
export function reviveArguments(args: readonly unknown[]): readonly unknown[] {
  return args.some(isSharedHandle) ? args.map((arg) => (isSharedHandle(arg) ? revive(arg) : arg)) : args;
}

/** The same for a chunk of items, each of which is one or a list of arguments. */
export function reviveItems(items: readonly unknown[] | NumberArray): readonly unknown[] | NumberArray {
  if (ArrayBuffer.isView(items)) return items;
  const revived = reviveArguments(items);
  return revived.some((item) => Array.isArray(item) && item.some(isSharedHandle))
    ? revived.map((item) => (Array.isArray(item) ? reviveArguments(item) : item))
    : revived;
}

function isSharedHandle(arg: unknown): arg is SharedHandle {
  return typeof arg === 'object' && arg !== null && SHARED_HANDLE in arg;
}

function revive(wired: SharedHandle): SharedLock | SharedCounter {
  return wired[SHARED_HANDLE] === 'lock' ? new SharedLock({}, wired) : new SharedCounter(0, wired);
}
