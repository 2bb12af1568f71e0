/**
 * The future of one wait for something: an operation on a resource, a group, another future. The
 * trace and messages show the wait as its subject says. Subjects are shared: one stands for all
 * waits of its kind.
 *
 * What it gives may be something that nobody must lose, an item or a permit. It counts who takes
 * the value; a value that nobody takes goes back through `release`.
 */
import type { CancelledError } from './errors.ts';
import { DONE, STATE } from './future-state.ts';
import { Future } from './future.ts';
import type { Waiter, WaitSubject } from './runner.ts';

export class WaitFuture<T> extends Future<T> {
  /** @internal */
  readonly subject: WaitSubject;
  /** Who waits for it or took its value; those that were cancelled do not count. */
  #takers = 0;

  constructor(subject: WaitSubject) {
    super();
    this.subject = subject;
  }

  /** @internal */
  override addWaiter(waiter: Waiter): void {
    this.#takers++;
    super.addWaiter(waiter);
  }

  /** @internal */
  override removeWaiter(waiter: Waiter): void {
    if (waiter.after !== null) this.#takers--;
    super.removeWaiter(waiter);
  }

  /** @internal */
  override onUntaken(error: CancelledError): void {
    this.#takers--;
    this.giveBack(error);
  }

  /** @internal */
  override giveBack(error: CancelledError): void {
    if (this.#takers <= 0) this.takeBack(error);
  }

  /** @internal Nobody takes how it ended. */
  protected takeBack(error: CancelledError): void {
    if ((this.flags & STATE) !== DONE) return;
    const { value } = this;
    this.withdrawValue(error);
    this.release(value as T, error);
  }

  /** @internal Undoes what settled it: no task will have this value. */
  protected release(_value: T, _error: CancelledError): void {}

  /** @internal */
  override waitReason(): number {
    return this.subject.waitReason();
  }
  /** @internal */
  override waitTarget(): number {
    return this.subject.waitTarget();
  }
  /** @internal */
  override waitResource(): number {
    return this.subject.waitResource();
  }
  /** @internal */
  override describe(): string {
    return this.subject.describe();
  }
}
