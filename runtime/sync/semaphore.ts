/**
 * A semaphore: a number of tasks at a time. After asyncio.BoundedSemaphore: a release without an
 * acquire is refused at once.
 */
import { describeValue } from '../tasks/core/describe-value.ts';
import { type Permit, PermitPool, type SyncOptions } from './permit-pool.ts';

/**
 * So many tasks at a time, in the order of asking. After asyncio.BoundedSemaphore.
 *
 * `using permit = yield* semaphore.acquire()`, or `acquire()` … `release()`, or
 * `semaphore.with(fn)`.
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
  readonly #heldPermits = new Set<Permit>();

  /** @param permits a whole number from 1 up. @throws RangeError for anything else. */
  constructor(permits: number, options: SyncOptions = {}) {
    if (!(Number.isSafeInteger(permits) && permits > 0))
      throw new RangeError(
        `a semaphore needs a whole number of permits from 1 up, not ${describeValue(permits)}`,
      );
    super('semaphore', permits, options);
    this.permits = permits;
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
  heldPermits(): readonly Permit[] {
    return [...this.#heldPermits];
  }

  /** @internal */
  protected override permitTaken(permit: Permit): void {
    this.#heldPermits.add(permit);
  }
  /** @internal */
  protected override permitReleased(permit: Permit): void {
    this.#heldPermits.delete(permit);
  }
}
