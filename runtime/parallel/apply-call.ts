/** One call of a function in a pool. */
import { DONE, FAILED } from '../tasks/future.ts';
import { type Asker, type Job, PoolFuture } from './jobs.ts';

export class ApplyCall<R> extends PoolFuture<R> implements Asker {
  /** Set at once by whoever makes it. */
  job: Job | null = null;

  done(job: Job, result: unknown): void {
    this.settle(DONE, result, job.by);
  }

  failed(job: Job, error: unknown): void {
    this.settle(FAILED, error, job.by);
  }

  /** Not begun, it never will be; begun, it ends unheard. */
  protected override dropped(): void {
    if (this.job !== null) this.job.dropped = true;
  }

  abort(why: unknown): void {
    this.dropped();
    this.settle(FAILED, why);
  }

  override describe(): string {
    return this.job === null ? super.describe() : `the result of ${this.job.fn.label}() in a pool`;
  }
}
