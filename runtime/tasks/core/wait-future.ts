/**
 * The future of one wait for something: an operation on a resource, a group, another future. The
 * trace and messages show the wait as its subject says. Subjects are shared: one stands for all
 * waits of its kind.
 */
import { Future } from './future.ts';
import type { WaitSubject } from './runner.ts';

export class WaitFuture<T> extends Future<T> {
  /** @internal */
  readonly subject: WaitSubject;

  constructor(subject: WaitSubject) {
    super();
    this.subject = subject;
  }

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
