/**
 * A future that ends when its members have ended. Cancelling it cancels the members: it then waits
 * for their clean-up, and ends only after that.
 */
import { cancelAll, toCancelledError } from '../core/cancellation.ts';
import type { CancelledError } from '../core/errors.ts';
import { FAILED, STATE } from '../core/future-state.ts';
import { type Blocker, blockersOf } from '../core/stuck.ts';
import type { Future } from '../core/future.ts';
import type { WaitSubject } from '../core/runner.ts';
import { WaitFuture } from '../core/wait-future.ts';

export abstract class CompositeFuture<T> extends WaitFuture<T> {
  /** @internal */
  protected readonly members: readonly Future[];
  /** @internal The first cancellation that a member took. */
  protected cancellation: CancelledError | null = null;

  /** Members whose end was decided when they were to be cancelled; null: they never were. */
  #decided: ReadonlySet<Future> | null = null;

  constructor(subject: WaitSubject, members: readonly Future[]) {
    super(subject);
    this.members = members;
  }

  /** Cancels the members, and ends when their clean-up has run. */
  override cancel(reason?: unknown): boolean {
    if (this.isDone) return false;
    const error = toCancelledError(reason);
    if (!this.cancelMembers(error)) return false;
    this.cancellation ??= error;
    return true;
  }

  /** @internal Cancels the members, the last first. @returns false when every end was decided. */
  protected cancelMembers(error: CancelledError): boolean {
    const decided = cancelAll(this.members, error);
    this.#decided ??= new Set(decided);
    return decided.length < this.members.length;
  }

  /** @internal It failed in its clean-up, not before it was to be cancelled. */
  protected failedInCleanUp(member: Future): boolean {
    return (member.flags & STATE) === FAILED && this.#decided?.has(member) !== true;
  }

  /** @internal */
  blockers(): readonly Blocker[] {
    return blockersOf(this.members);
  }

  /** @internal */
  override abandon(graceMs: number): void {
    for (const member of this.members) member.abandon(graceMs);
  }

  /** @internal */
  override get isForeign(): boolean {
    return this.members.some((member) => member.isForeign);
  }

  /** @internal Nobody takes what they gave. */
  protected override release(_value: T, error: CancelledError): void {
    for (let at = this.members.length - 1; at >= 0; at--) this.members[at]!.giveBack(error);
  }
}
