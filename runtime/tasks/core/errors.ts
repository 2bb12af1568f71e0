/**
 * The errors that the library itself throws. Errors of user code pass through as the same object.
 */

/**
 * Thrown into a task that was cancelled, at the wait where it stands. Its clean-up runs. Let the
 * error pass on. After asyncio.CancelledError.
 * @example
 * const task = spawn(async () => { await sleep(60_000); });
 * task.cancel('not needed');
 * const error = await task.catch((error) => error);
 * error instanceof CancelledError; // → true
 * error.reason; // → 'not needed'
 */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  /** What `cancel(reason)` was given. */
  readonly reason: unknown;
  /**
   * @internal Traced: the id of the task whose doing it is, where that is not the one executing.
   */
  declare by?: number;
  constructor(reason?: unknown, message: string = messageOf(reason)) {
    super(message);
    this.reason = reason;
  }
}

function messageOf(reason: unknown): string {
  if (reason === undefined) return 'cancelled';
  return `cancelled: ${reason instanceof Error ? reason.message : String(reason)}`;
}

/**
 * A future was asked for what it does not have yet, or settled twice. After
 * asyncio.InvalidStateError.
 * @example
 * assert.throws(() => new Future().result, InvalidStateError);
 */
export class InvalidStateError extends Error {
  override readonly name = 'InvalidStateError';
}

/**
 * A task would wait for what itself must end: tasks wait for each other in a ring. The message
 * names each, what it holds and what it waits for. Thrown only in a run with `deadlock: 'throw'`.
 * @example
 * const [left, right] = [new Lock({ name: 'left' }), new Lock({ name: 'right' })];
 * const takeBoth = (first, second) => () => first.with(async () => {
 *   await sleep(1);
 *   await second.with(async () => {});
 * });
 * const both = () => gather([takeBoth(left, right), takeBoth(right, left)]);
 * await assert.rejects(run(both, { deadlock: 'throw' }), DeadlockError);
 */
export class DeadlockError extends Error {
  override readonly name = 'DeadlockError';
}

/**
 * A deadline passed. After TimeoutError of Python.
 * @example
 * const never = function* () { yield* new Future(); };
 * await assert.rejects(run(never, { clock: 'virtual', deadline: 100 }), TimeoutError);
 */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}
