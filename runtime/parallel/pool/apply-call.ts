/** One `apply`: one call of a function in a pool. */
import { DONE, FAILED } from '../../tasks/core/future-state.ts';
import { MODE } from '../transport/messages.ts';
import { Call, type CallLimits } from './call.ts';
import { PoolResult } from './pool-result.ts';
import type { PooledFunction } from './pooled-function.ts';
import type { WorkerPool } from './worker-pool.ts';

export class ApplyCall<R> extends PoolResult<R> {
  readonly call: Call;
  readonly #workers: WorkerPool;

  /** @param pool the pool's id in the trace, or 0. */
  constructor(
    workers: WorkerPool,
    pool: number,
    fn: PooledFunction,
    args: readonly unknown[],
    limits: CallLimits,
  ) {
    super(pool, '');
    this.#workers = workers;
    this.call = new Call(this, fn, MODE.apply, args, limits);
  }

  done(call: Call, result: unknown): void {
    this.settle(DONE, result, call.settler);
  }

  failed(call: Call, error: unknown): void {
    this.settle(FAILED, error, call.settler);
  }

  protected override stopCalls(): void {
    this.#workers.stop(this.call);
  }

  /** Made when it is asked for: a text for each call would cost more than the rest of it. */
  override describe(): string {
    return `the result of ${this.call.fn.label}() in a pool`;
  }
}
