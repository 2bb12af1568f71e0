/** A promise of somebody else's, as a future: awaited, never cancelled, marked so. Giving up the wait leaves the promise as it is. */
import { REASON } from '../../trace/format/kinds.ts';
import { waitReasonOf, waitTargetOf } from '../../recorder/library-bridge.ts';
import { DONE, FAILED, Future, isThenable } from './future.ts';
import { externalWaits } from './external-waits.ts';
import { bridge, traced } from './trace.ts';

const WAITS_FOR_TASK = REASON.task;

export class PromiseFuture<T> extends Future<T> {
  /** Traced: what the promise stands for, packed; 0 when that is not known. */
  readonly #standsFor: number;

  constructor(promise: PromiseLike<T>) {
    super();
    externalWaits.begins();
    this.#standsFor = traced ? bridge.targetOf(promise) : 0;
    const settled = (state: number, value: unknown): void => {
      this.settle(state, value, traced ? bridge.settlerOf(promise) : 0);
    };
    promise.then(
      (value) => settled(DONE, value),
      (error: unknown) => settled(FAILED, error),
    );
  }

  override settle(state: number, value: unknown, by?: number): boolean {
    if (!super.settle(state, value, by)) return false;
    externalWaits.ends();
    return true;
  }
  override waitReason(): number {
    return waitReasonOf(this.#standsFor) || super.waitReason();
  }
  override waitTarget(): number {
    return waitTargetOf(this.#standsFor);
  }
  override waitResource(): number {
    return this.waitReason() === WAITS_FOR_TASK ? 0 : this.waitTarget();
  }
  override describe(): string {
    return 'the promise';
  }
}

/** Null when it is no promise. */
export function promiseFutureOf(value: unknown): PromiseFuture<unknown> | null {
  return isThenable(value) ? new PromiseFuture(value) : null;
}
