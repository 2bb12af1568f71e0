/** One call of a function in a pool. */
import { DONE, FAILED } from '../../tasks/core/future-state.ts';
import { type CallClient, type Call, PoolFuture } from './call.ts';

export class ApplyCall<R> extends PoolFuture<R> implements CallClient {
  /** Set at once by whoever makes it. */
  job: Call | null = null;

  done(job: Call, result: unknown): void {
    this.settle(DONE, result, job.by);
  }

  failed(job: Call, error: unknown): void {
    this.settle(FAILED, error, job.by);
  }

  /** Not begun, it never will be; begun, it ends unheard. */
  protected override onCancelled(): void {
    if (this.job !== null) this.job.dropped = true;
  }

  abort(why: unknown): void {
    this.onCancelled();
    this.settle(FAILED, why);
  }

  override describe(): string {
    return this.job === null ? super.describe() : `the result of ${this.job.fn.label}() in a pool`;
  }
}
