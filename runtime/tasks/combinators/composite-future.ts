/**
 * A future that ends when its members have ended. Cancelling it cancels the members: it then waits
 * for their clean-up, and ends only after that.
 */
import { cancelAll, toCancelledError } from '../core/cancellation.ts';
import type { CancelledError } from '../core/errors.ts';
import type { Future } from '../core/future.ts';
import type { WaitSubject } from '../core/runner.ts';
import { WaitFuture } from '../core/wait-future.ts';

export abstract class CompositeFuture<T> extends WaitFuture<T> {
  /** @internal */
  protected readonly members: readonly Future[];
  /** @internal The first cancellation that a member took. */
  protected cancellation: CancelledError | null = null;

  constructor(subject: WaitSubject, members: readonly Future[]) {
    super(subject);
    this.members = members;
  }

  /** Cancels the members, and ends when their clean-up has run. */
  override cancel(reason?: unknown): boolean {
    if (this.isDone) return false;
    const error = toCancelledError(reason);
    if (!cancelAll(this.members, error)) return false;
    this.cancellation ??= error;
    return true;
  }
}
