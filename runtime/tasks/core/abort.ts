/**
 * The option `signal` of every operation that waits: when it is aborted the wait is cancelled, with
 * the signal's reason. What is asked for with a signal that is aborted already never begins, so it
 * takes nothing.
 */
import { externalCancellation } from './cancellation.ts';
import { describeValue } from './describe-value.ts';
import { Future } from './future.ts';
import { Listener } from './listener.ts';
import { checkOptions } from './options.ts';

/** What an operation that waits can be given. */
export interface SignalOptions {
  /** Cancels the wait when it is aborted: it fails with CancelledError, which has the reason. */
  readonly signal?: AbortSignal | undefined;
}

interface Cancellable {
  cancel(reason?: unknown): boolean;
}

/** @throws TypeError for what is no AbortSignal. */
export function checkSignal(owner: string, signal: unknown): void {
  if (signal !== undefined && !isAbortSignal(signal))
    throw new TypeError(`the signal of ${owner} must be an AbortSignal, not ${describeValue(signal)}`);
}

/** By what it has, not by its class: it may be of another realm. */
export function isAbortSignal(signal: unknown): signal is AbortSignal {
  return typeof signal === 'object' && signal !== null && 'aborted' in signal && 'addEventListener' in signal;
}

/**
 * Begins an operation that the signal cancels.
 * @param owner as the message names it: `get() of a queue`.
 * @throws TypeError for options that there are not.
 */
export function abortable<F extends Cancellable>(owner: string, options: SignalOptions, begin: () => F): F {
  checkOptions(owner, options, ['signal']);
  return untilAborted(owner, options.signal, begin);
}

/** The same, where the options were checked. */
export function untilAborted<F extends Cancellable>(
  owner: string,
  signal: AbortSignal | undefined,
  begin: () => F,
): F {
  checkSignal(owner, signal);
  if (signal === undefined) return begin();
  if (!signal.aborted) {
    const future = begin();
    cancelWhenAborted(future, signal);
    return future;
  }
  const never = new Future();
  never.cancel(externalCancellation(signal.reason));
  return never as unknown as F;
}

/** Cancels the future when the signal is aborted; at once when it is already. */
export function cancelWhenAborted(future: Cancellable, signal: AbortSignal): void {
  const cancel = (): void => {
    future.cancel(externalCancellation(signal.reason));
  };
  if (signal.aborted) {
    cancel();
    return;
  }
  signal.addEventListener('abort', cancel, { once: true });
  new Listener(future as Future, () => signal.removeEventListener('abort', cancel));
}
