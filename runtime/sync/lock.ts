/**
 * A lock: one task at a time. After asyncio.Lock, but it knows which task holds it, and no other
 * can release it.
 */
import { type Runner, scheduler } from '../tasks/core/runner.ts';
import { type Task } from '../tasks/core/task.ts';
import { NotHeld } from './errors.ts';
import type { Holding } from './permit.ts';
import { PermitPool, type SyncOptions } from './permit-pool.ts';
import { showResource, showWaiters } from './resource.ts';

/**
 * One task at a time, in the order of asking. It is not reentrant: a task that holds it and asks
 * again waits for itself. After asyncio.Lock.
 *
 * `using permit = yield* lock.acquire()`, or `acquire()` … `release()`, or `lock.with(fn)`.
 * @example
 * const lock = new Lock({ name: 'account' });
 * let balance = 100;
 * const withdraw = () => lock.with(async () => {
 *   const before = balance;
 *   await sleep(1);
 *   balance = before - 10;
 * });
 * await gather([withdraw(), withdraw()]);
 * balance; // → 80
 */
export class Lock extends PermitPool {
  #permit: Holding | null = null;

  /** @throws TypeError at once when the name is no text. */
  constructor(options: SyncOptions = {}) {
    super('lock', 1, options);
  }

  /** A task holds it: `acquire` would wait. */
  get isLocked(): boolean {
    return this.#permit !== null;
  }

  /** The task that holds it; null when none does, or when it is not known which does. */
  get holder(): Task | null {
    return (this.#permit?.owner ?? null) as Task | null;
  }

  /**
   * Releases it; the first waiting task has it at once.
   * @throws NotHeld when no task holds it, or another task does (asyncio lets any task release;
   *   here it is a mistake to release what another task holds).
   */
  release(): void {
    this.permitOf('release').release();
  }

  /** @internal The caller's permit. @throws NotHeld when no task holds it, or another does. */
  permitOf(call: string): Holding {
    const permit = this.#permit;
    if (permit === null)
      throw new NotHeld(`${this.describe()} is held by nobody; ${call}() needs its holder`);
    const current = scheduler.currentRunner();
    if (permit.owner !== null && current !== null && permit.owner !== current) {
      throw new NotHeld(
        `${this.describe()} is held by ${nameOf(permit.owner)}; ${call}() was called by ${nameOf(current)}`,
      );
    }
    return permit;
  }

  /** @internal */
  heldPermits(): readonly Holding[] {
    return this.#permit === null ? [] : [this.#permit];
  }

  /** @internal */
  protected override permitTaken(permit: Holding): void {
    this.#permit = permit;
  }
  /** @internal */
  protected override permitReleased(): void {
    this.#permit = null;
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showResource('Lock', this.name, [
      this.#permit === null
        ? 'free'
        : `held by ${this.#permit.owner === null ? 'somebody' : nameOf(this.#permit.owner)}`,
      showWaiters(this.waiters.size),
    ]);
  }
}

const nameOf = (runner: Runner): string => (runner as Task).describe();
