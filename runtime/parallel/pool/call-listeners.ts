/** Who is told of the end of a pool's call, and who can end it: callbacks and AbortSignals. */
import { externalCancellation } from '../../tasks/core/cancellation.ts';
import type { Future } from '../../tasks/core/future.ts';
import { warnThrown } from '../../tasks/core/unhandled.ts';
import type { Callbacks } from './pool-options.ts';

/** @returns whether the signal was aborted before. */
export function abortOnSignal(signal: AbortSignal | undefined, call: Future): boolean {
  if (signal === undefined) return false;
  const abort = (): void => void call.cancel(externalCancellation(signal.reason));
  if (signal.aborted) {
    abort();
    return true;
  }
  signal.addEventListener('abort', abort, { once: true });
  call.onDone(() => signal.removeEventListener('abort', abort));
  return false;
}

/** @returns the call. @throws TypeError for a callback that is not a function. */
export function addCallbacks<R, C extends Future<R>>(
  call: C,
  { callback, errorCallback }: Callbacks<R>,
  api: string,
): C {
  for (const [option, value] of [
    ['callback', callback],
    ['errorCallback', errorCallback],
  ] as const)
    if (value !== undefined && typeof value !== 'function')
      throw new TypeError(`${api} needs a function for ${option}, not ${typeof value}`);
  if (callback === undefined && errorCallback === undefined) return call;
  call.onDone(({ state, value }) => {
    try {
      if (state === 'done') callback?.(value as R);
      else if (errorCallback !== undefined) {
        // The callback handles the failure: it needs no warning.
        call.markHandled();
        errorCallback(value);
      }
    } catch (error) {
      warnThrown(`a callback of ${api} threw`, error);
    }
  });
  return call;
}
