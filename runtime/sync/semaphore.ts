/**
 * A semaphore: a number of tasks at a time. After asyncio.BoundedSemaphore: a release without an
 * acquire is refused at once.
 */
import { type SignalOptions, untilAborted } from '../tasks/core/abort.ts';
import { checkOptions } from '../tasks/core/options.ts';
import type { Future } from '../tasks/core/future.ts';
import type { Coroutine, Task, TaskBody, TaskOptions } from '../tasks/core/task.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import type { Holding, Permit } from './permit.ts';
import { PermitPool, type SyncOptions } from './permit-pool.ts';
import { showResource, showWaiters } from './resource.ts';

/** How many permits are asked for. */
export interface AcquireOptions extends SignalOptions {
  /** How many at once; without it 1. */
  readonly permits?: number;
}

/**
 * So many tasks at a time, in the order of asking. After asyncio.BoundedSemaphore.
 *
 * `using permit = yield* semaphore.acquire()`, or `acquire()` … `release()`, or
 * `semaphore.with(fn)`. What needs more than its share takes several permits at once:
 * `acquire({ permits: 3 })`.
 * @example
 * const tables = new Semaphore(2);
 * let seated = 0;
 * let most = 0;
 * const visit = () => tables.with(async () => {
 *   most = Math.max(most, ++seated);
 *   await sleep(1);
 *   seated--;
 * });
 * await gather([visit(), visit(), visit()]);
 * most; // → 2
 */
export class Semaphore extends PermitPool {
  /** How many permits there are in all. */
  readonly permits: number;
  readonly #heldPermits = new Set<Holding>();
  /** @internal Called when the last permit has come back and nobody waits. */
  onIdle: (() => void) | null = null;

  /** @param permits a whole number from 1 up. @throws RangeError for anything else. */
  constructor(permits: number, options: SyncOptions = {}) {
    if (!(Number.isSafeInteger(permits) && permits > 0))
      throw new RangeError(
        `a semaphore needs a whole number of permits from 1 up, not ${describeValue(permits)}`,
      );
    super('semaphore', permits, options);
    this.permits = permits;
  }

  /**
   * Takes a permit as soon as there is one, in the order of asking; or so many at once. Who waits
   * for several keeps those behind it waiting, too, so that its turn comes.
   * @throws RangeError for a number of permits that there never are.
   */
  override acquire(options?: AcquireOptions): Future<Permit> {
    if (options === undefined) return this.take(1);
    checkOptions('acquire()', options, ['permits', 'signal']);
    const permits = this.#countOf(options);
    return untilAborted('acquire()', options.signal, () => this.take(permits));
  }

  /**
   * A permit, or so many, if they are there now and nobody waits; else null. After the
   * acquire(blocking=False) of threading.
   */
  override tryAcquire(options: Pick<AcquireOptions, 'permits'> = {}): Permit | null {
    return this.tryTake(this.#countOf(options));
  }

  /**
   * Calls `fn` while holding a permit, or so many, in a task of its own, and releases them however
   * that ends.
   * @param fn a coroutine (`function*`) or an async function, without arguments.
   * @returns its task.
   */
  override with<T>(fn: () => Coroutine<T>, options?: TaskOptions & AcquireOptions): Task<T>;
  override with<T>(fn: () => PromiseLike<T> | T, options?: TaskOptions & AcquireOptions): Task<T>;
  override with<T>(fn: TaskBody<T>, options?: TaskOptions & AcquireOptions): Task<T> {
    if (options === undefined) return this.runWith(fn, 1, undefined);
    const { permits, ...ofTask } = options;
    return this.runWith(fn, permits === undefined ? 1 : this.#countOf({ permits }), ofTask);
  }

  /** @internal Nobody has a permit or waits for one. */
  get isIdle(): boolean {
    return this.left === this.permits && this.waiters.size === 0;
  }

  #countOf({ permits = 1 }: AcquireOptions): number {
    if (Number.isSafeInteger(permits) && permits > 0 && permits <= this.permits) return permits;
    throw new RangeError(
      `${this.describe()} has ${this.permits} permits in all; acquire() needs a whole number of them from 1 up, not ${describeValue(permits)}`,
    );
  }

  /** How many permits are left. */
  get available(): number {
    return this.left;
  }

  /** No permit is left: `acquire` would wait. */
  get isLocked(): boolean {
    return this.left === 0;
  }

  /**
   * Releases the oldest permit that is held; it need not be the caller's, as in asyncio.
   * @throws RangeError when none is held (Python: ValueError of BoundedSemaphore).
   */
  release(): void {
    const [first] = this.#heldPermits;
    if (first === undefined) {
      throw new RangeError(
        `${this.describe()} was released too often: all of its ${this.permits} permits are back already`,
      );
    }
    first.release();
  }

  /** @internal */
  heldPermits(): readonly Holding[] {
    return [...this.#heldPermits];
  }

  /** @internal */
  protected override permitTaken(permit: Holding): void {
    this.#heldPermits.add(permit);
  }
  /** @internal */
  protected override permitReleased(permit: Holding): void {
    this.#heldPermits.delete(permit);
    if (this.onIdle !== null && this.isIdle) this.onIdle();
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showResource('Semaphore', this.name, [
      `${this.left} of ${this.permits} permits left`,
      showWaiters(this.waiters.size),
    ]);
  }
}
