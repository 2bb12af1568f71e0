/**
 * The errors that the library itself makes about workers. Errors of the user's functions come
 * across as they are.
 */

/**
 * A worker ended while it had work, or could not start. `cause` is the error that it died of, where
 * that is known. After BrokenProcessPool of concurrent.futures.
 *
 * @example
 * const child = new Process(() => process.exit(3)).start();
 * const error = await child.join().catch((error) => error);
 * error instanceof WorkerError; // → true
 * error.exitCode; // → 3
 */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  /** The worker's exit code; null when a signal ended it or it never started. */
  readonly exitCode: number | null;
  constructor(message: string, exitCode: number | null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
  }
}

/**
 * A call to a pool that is closed, terminated or broken. After ValueError("Pool not running").
 *
 * @example
 * const pool = new Pool({ size: 1 });
 * pool.close();
 * assert.throws(() => pool.apply((n) => n, [1]), PoolClosedError);
 */
export class PoolClosedError extends Error {
  override readonly name = 'PoolClosedError';
}
