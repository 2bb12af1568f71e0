/** The errors of the library's own. What the user's code throws passes through as the same object. */

/** Thrown into a task that was cancelled, at the wait where it stands. Clean-up runs; let it pass on. After asyncio.CancelledError. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  /** What `cancel(reason)` was given. */
  readonly reason: unknown;
  /** @internal Traced: whose end it comes of, where that is not the one who executes. */
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

/** A future was asked for what it does not have yet, or settled twice. After asyncio.InvalidStateError. */
export class InvalidStateError extends Error {
  override readonly name = 'InvalidStateError';
}

/** A deadline passed. After TimeoutError of Python. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}
