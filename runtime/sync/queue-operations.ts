/**
 * The operations that may wait at a queue: a `get` or `next` for an item, a `put` for room. They
 * hold what is needed to undo a handover; the queue itself decides who is served.
 */
import type { CancelledError } from '../tasks/core/errors.ts';
import { DONE, FAILED } from '../tasks/core/future-state.ts';
import type { WaitSubject } from '../tasks/core/runner.ts';
import type { QueueClosed } from './errors.ts';
import { WaitQueueEntry } from './wait-queue.ts';

/** The queue, as its operations know it. */
export interface ItemSource<T> {
  /** An item was handed over and not taken: it goes to the next getter, or back to its place. */
  returnItem(item: T, priority: number, serial: number, asker: number): void;
  closedAndEmpty(): QueueClosed;
}

/** Waits for an item. */
export class GetOperation<T, Value = T> extends WaitQueueEntry<Value> {
  readonly #queue: ItemSource<T>;
  /** Of the item that was handed over. */
  #serial = 0;
  #priority = 0;

  constructor(subject: WaitSubject, queue: ItemSource<T>) {
    super(subject);
    this.#queue = queue;
  }

  handItem(item: T, priority: number, serial: number): void {
    this.#serial = serial;
    this.#priority = priority;
    this.settle(DONE, this.toValue(item));
  }
  /** The queue is closed and empty. */
  settleClosed(): void {
    this.settle(FAILED, this.#queue.closedAndEmpty());
  }
  /** What the operation gives for this item. */
  protected toValue(item: T): unknown {
    return item;
  }
  protected override release(value: Value): void {
    this.returnItem(value as unknown as T);
  }
  protected returnItem(item: T): void {
    this.#queue.returnItem(item, this.#priority, this.#serial, this.asker);
  }
}

/** Waits for an item as a step of an iteration. */
export class NextOperation<T> extends GetOperation<T, IteratorResult<T, undefined>> {
  override settleClosed(): void {
    this.settle(DONE, { done: true, value: undefined });
  }
  protected override toValue(item: T): unknown {
    return { done: false, value: item };
  }
  protected override release(step: IteratorResult<T, undefined>): void {
    if (step.done !== true) this.returnItem(step.value);
  }
}

/** Waits for room for its item. */
export class PutOperation<T> extends WaitQueueEntry<void> {
  readonly item: T;
  readonly priority: number;

  constructor(subject: WaitSubject, item: T, priority: number) {
    super(subject);
    this.item = item;
    this.priority = priority;
  }
  /** @internal */
  get isLoss(): boolean {
    return true;
  }
  /** The item stays in the queue, even when the task that put it was cancelled. */
  protected override takeBack(_error: CancelledError): void {}
}
