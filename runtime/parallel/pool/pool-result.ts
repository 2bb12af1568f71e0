/**
 * The result of an `apply` or a `map`, as a future: what both do when they are cancelled or
 * aborted. Calls that no worker has started never start; the others are stopped.
 */
import { FAILED } from '../../tasks/core/future-state.ts';
import { REASON } from '../../trace/format/kinds.ts';
import { ResourceFuture } from '../core/resource-future.ts';
import type { Call, CallClient } from './call.ts';

export abstract class PoolResult<R> extends ResourceFuture<R> implements CallClient {
  /** @param pool the pool's id in the trace, or 0. */
  constructor(pool: number, description: string) {
    super(REASON.pool, pool, description);
  }

  abstract done(call: Call, result: unknown): void;
  abstract failed(call: Call, error: unknown): void;

  /** Nobody wants the results of its calls any more. */
  protected abstract stopCalls(): void;

  /** Fails with this error, and stops its calls. */
  abort(reason: unknown): void {
    this.stopCalls();
    this.settle(FAILED, reason);
  }

  protected override onCancelled(): void {
    this.stopCalls();
  }
}
