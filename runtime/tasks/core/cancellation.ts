/**
 * Cancellations: how one is made, whose doing the trace calls it, and how it is passed on. What a
 * cancelled future then does stands in its own class.
 */
import { CancelledError } from './errors.ts';
import type { FutureLike, WaitSubject } from './runner.ts';
import { traced } from './trace.ts';

interface Cancellable {
  cancel(reason?: unknown): boolean;
}

/** The reason as an error. A CancelledError that is passed on stays the same object. */
export function toCancelledError(reason: unknown): CancelledError {
  return reason instanceof CancelledError ? reason : new CancelledError(reason);
}

/** A cancellation by a clock or a signal: the trace names no task as its author. */
export function externalCancellation(reason: unknown): CancelledError {
  const error = new CancelledError(reason);
  if (traced) error.by = -1;
  return error;
}

let unheard: CancelledError | null = null;

/** Of a clock that nobody listens to any more: untraced one for all, since a stack is dear. */
export function unheardCancellation(): CancelledError {
  return traced ? new CancelledError() : (unheard ??= new CancelledError());
}

/** A cancellation that follows from the end of another future; the trace names that one. */
export function cancellationCausedBy(cause: WaitSubject, reason: string): CancelledError {
  const error = new CancelledError(reason);
  // What is waited for through a resource is no task: a timer, a place in a queue.
  if (traced) error.by = cause.waitResource() === 0 ? cause.waitTarget() : 0;
  return error;
}

/** Cancels all of them at once, the last first. @returns those whose end was decided already. */
export function cancelAll<Member extends Cancellable>(
  members: readonly Member[],
  error: CancelledError,
): Member[] {
  const decided: Member[] = [];
  for (let at = members.length - 1; at >= 0; at--) {
    const member = members[at]!;
    if (!member.cancel(error)) decided.push(member);
  }
  return decided;
}

/** Traced: who settled the future, to be passed to `settle` of one that ends because of it. */
export const settlerOf = (future: FutureLike): number | undefined => (traced ? future.settler : undefined);
