/** A promise of somebody else's, as a future: awaited, never cancelled, marked so. Giving up the wait leaves the promise as it is. */
import { DONE, FAILED, Future, isThenable } from './future.ts';
import { lane, reason, traced } from './trace.ts';

const WAITS_FOR_TASK = reason('task');

export class ForeignFuture<T> extends Future<T> {
  /** Traced: the task whose promise it is, or 0. */
  readonly #task: number;

  constructor(promise: PromiseLike<T>) {
    super();
    this.#task = traced ? lane.taskOf(promise) : 0;
    promise.then(
      (value) => void this.settle(DONE, value),
      (error: unknown) => void this.settle(FAILED, error),
    );
  }

  override waitReason(): number {
    return this.#task !== 0 ? WAITS_FOR_TASK : super.waitReason();
  }
  override waitTarget(): number {
    return this.#task;
  }
  override resource(): number {
    return 0;
  }
  override describe(): string {
    return 'the promise';
  }
}

/** Null when it is no promise. */
export function foreign(value: unknown): ForeignFuture<unknown> | null {
  return isThenable(value) ? new ForeignFuture(value) : null;
}
