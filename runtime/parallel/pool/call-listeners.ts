/** Who hears of the end of a pool's call, and who can end it: callbacks and AbortSignals. */
import type { Future } from '../../tasks/core/future.ts';
import { warnThrown } from '../../tasks/core/unhandled.ts';
import type { Callbacks } from './pool-options.ts';

/** @returns whether it was aborted before. */
export function cancelOnAbort(
  signal: AbortSignal | undefined,
  call: Future & { abort(why: unknown): void },
): boolean {
  if (signal === undefined) return false;
  const abort = (): void => call.abort(signal.reason);
  if (signal.aborted) {
    abort();
    return true;
  }
  signal.addEventListener('abort', abort, { once: true });
  call.onDone(() => signal.removeEventListener('abort', abort));
  return false;
}

export function withCallbacks<R, C extends Future<R>>(
  call: C,
  { callback, errorCallback }: Callbacks<R>,
  who: string,
): C {
  for (const [name, given] of [
    ['callback', callback],
    ['errorCallback', errorCallback],
  ] as const)
    if (given !== undefined && typeof given !== 'function')
      throw new TypeError(`${who} needs a function for ${name}, not ${typeof given}`);
  if (callback === undefined && errorCallback === undefined) return call;
  call.onDone(({ state, value }) => {
    try {
      if (state === 'done') callback?.(value as R);
      else if (errorCallback !== undefined) {
        // The failure was looked at.
        call.markHandled();
        errorCallback(value);
      }
    } catch (error) {
      warnThrown(`a callback of ${who} threw`, error);
    }
  });
  return call;
}
