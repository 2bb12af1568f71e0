/** So many at a time. After asyncio.BoundedSemaphore: releasing more than was acquired is a mistake that is told at once. */
import { describeValue } from '../tasks/core/describe-value.ts';
import { type Permit, PermitPool, type SyncOptions } from './permit-pool.ts';

/**
 * So many at a time, in the order of asking. After asyncio.BoundedSemaphore.
 *
 * `using held = yield* semaphore.acquire()`, or `acquire()` … `release()`, or `semaphore.with(fn)`.
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
  readonly #held = new Set<Permit>();

  /** @param permits how many at a time, a whole number from 1 up. @throws RangeError for anything else. */
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
   * Gives back the permit that was taken first of those that are out; it need not be the caller's, as in asyncio.
   * @throws RangeError when none is out (Python: ValueError of BoundedSemaphore).
   */
  release(): void {
    const [first] = this.#held;
    if (first === undefined) {
      throw new RangeError(
        `${this.describe()} was released too often: all of its ${this.permits} permits are back already`,
      );
    }
    first.release();
  }

  /** @internal */
  protected override taken(held: Permit): void {
    this.#held.add(held);
  }
  /** @internal */
  protected override released(held: Permit): void {
    this.#held.delete(held);
  }
}
