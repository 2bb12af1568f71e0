/**
 * A promise of somebody else's as a future: it is awaited, never cancelled, and the trace says so.
 * Giving up the wait leaves the promise as it is.
 */
import { REASON } from '../../trace/format/kinds.ts';
import { waitReasonOf, waitTargetOf } from '../../recorder/library-bridge.ts';
import { externalWaits, type ForeignWait } from './external-waits.ts';
import { DONE, FAILED } from './future-state.ts';
import { Future } from './future.ts';
import { type Runner, scheduler } from './runner.ts';
import { isThenable } from './thenable.ts';
import { bridge, traced } from './trace.ts';

export class PromiseFuture<T> extends Future<T> implements ForeignWait {
  /** Traced: what the promise stands for, packed; 0 when that is not known. */
  readonly #packedTarget: number;

  /** The task that waits for it, or whose group does. */
  readonly host: Runner | null = scheduler.currentRunner();

  constructor(promise: PromiseLike<T>) {
    super();
    externalWaits.addPromise(this as ForeignWait);
    this.#packedTarget = traced ? bridge.targetOf(promise) : 0;
    promise.then(
      (value) => this.settle(DONE, value, traced ? bridge.settlerOf(promise) : 0),
      (error: unknown) => this.settle(FAILED, error, traced ? bridge.settlerOf(promise) : 0),
    );
  }

  override settle(state: number, value: unknown, settler?: number): boolean {
    if (!super.settle(state, value, settler)) return false;
    externalWaits.removePromise(this as ForeignWait);
    return true;
  }
  override get isForeign(): boolean {
    return !this.isDone;
  }
  override waitReason(): number {
    return waitReasonOf(this.#packedTarget) || super.waitReason();
  }
  override waitTarget(): number {
    return waitTargetOf(this.#packedTarget);
  }
  override waitResource(): number {
    return this.waitReason() === REASON.task ? 0 : this.waitTarget();
  }
  override describe(): string {
    return 'the promise';
  }
}

/** Null when the value is no promise. */
export function promiseFutureOf(value: unknown): PromiseFuture<unknown> | null {
  return isThenable(value) ? new PromiseFuture(value) : null;
}
