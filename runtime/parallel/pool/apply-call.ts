/** One `apply`: one call of a function in a pool. */
import { DONE, FAILED } from '../../tasks/core/future-state.ts';
import { MODE } from '../transport/messages.ts';
import { Call } from './call.ts';
import { PoolResult } from './pool-result.ts';
import type { PooledFunction } from './pooled-function.ts';

export class ApplyCall<R> extends PoolResult<R> {
  readonly call: Call;

  constructor(pool: number, fn: PooledFunction, args: readonly unknown[], retries: number) {
    super(pool, '');
    this.call = new Call(this, fn, MODE.apply, args, retries);
  }

  done(call: Call, result: unknown): void {
    this.settle(DONE, result, call.settler);
  }

  failed(call: Call, error: unknown): void {
    this.settle(FAILED, error, call.settler);
  }

  protected override abandonCalls(): void {
    this.call.isAbandoned = true;
  }

  /** Made when it is asked for: a text for each call would cost more than the rest of it. */
  override describe(): string {
    return `the result of ${this.call.fn.label}() in a pool`;
  }
}
