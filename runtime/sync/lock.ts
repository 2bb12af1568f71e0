/** One at a time. After asyncio.Lock, but it knows who holds it, and nobody else can release it. */
import { type Runner, scheduler } from '../tasks/core/runner.ts';
import { type Task } from '../tasks/core/task.ts';
import { NotHeld } from './errors.ts';
import { type Permit, PermitPool, type SyncOptions } from './permit-pool.ts';

/**
 * One at a time, in the order of asking. It is not reentrant: a task that holds it and asks again waits for itself. After asyncio.Lock.
 *
 * `using held = yield* lock.acquire()`, or `acquire()` … `release()`, or `lock.with(fn)`.
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
  #held: Permit | null = null;

  /** @throws TypeError at once when the name is no text. */
  constructor(options: SyncOptions = {}) {
    super('lock', 1, options);
  }

  /** Somebody holds it: `acquire` would wait. */
  get isLocked(): boolean {
    return this.#held !== null;
  }

  /** The task that holds it; null when nobody does, or when it is not known who does. */
  get holder(): Task | null {
    return (this.#held?.owner ?? null) as Task | null;
  }

  /**
   * Gives it back; the first in line has it at once.
   * @throws NotHeld when nobody holds it, or another task does (asyncio lets anybody release; what is held by somebody else is a mistake).
   */
  release(): void {
    this.heldBy('release').release();
  }

  /** @internal What is held of it. @throws NotHeld when that is nobody's or another's. */
  heldBy(call: string): Permit {
    const held = this.#held;
    if (held === null) throw new NotHeld(`${this.describe()} is held by nobody; ${call}() needs its holder`);
    const current = scheduler.currentRunner();
    if (held.owner !== null && current !== null && held.owner !== current) {
      throw new NotHeld(
        `${this.describe()} is held by ${nameOf(held.owner)}; ${call}() was called by ${nameOf(current)}`,
      );
    }
    return held;
  }

  /** @internal */
  protected override taken(held: Permit): void {
    this.#held = held;
  }
  /** @internal */
  protected override released(): void {
    this.#held = null;
  }
}

const nameOf = (runner: Runner): string => (runner as Task).describe();
