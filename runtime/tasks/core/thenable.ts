/** What has a `then`: promises, and futures, whose `then` only an `await` may read. */
import { IS_FUTURE } from './future-state.ts';

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  return IS_FUTURE in value || ('then' in value && typeof value.then === 'function');
}
