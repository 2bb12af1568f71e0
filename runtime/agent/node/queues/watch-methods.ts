/** Stands in the place of methods of a package, and looks like them. */
import { builtIns } from '../../../recorder/built-ins.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import { raiseStackLimit, restoreStackLimit } from '../stack/stack-limit.ts';
import { attempted } from './quiet-watch.ts';

const { apply } = builtIns;

/** @param call does what the method does, with what is in `args` then */
export type Watch = (self: object, args: unknown[], call: () => unknown) => unknown;
export type Callable = (this: object, ...args: unknown[]) => unknown;

/** @returns what restores the original; null: there is no such method */
export function watchMethod(host: object | null, method: string, watch: Watch): (() => void) | null {
  if (host === null || !builtIns.hasOwn(host, method)) return null;
  return replaceBuiltin(
    host,
    method,
    (original) =>
      new Proxy(original, {
        apply: (target, self: object, args: unknown[]) => watch(self, args, () => apply(target, self, args)),
      }),
  );
}

/** What begins with a call of a function that does a job. */
export interface AttemptWatch<T> {
  /** Null: it is not looked at. */
  begin(self: object, job: object): T | null;
  /** It returned, most often a promise. */
  returned(begun: T, result: unknown): void;
  threw(begun: T, error: unknown): void;
}

/**
 * What stands in the place of a function that does a job. One frame of ours is on the stack until
 * the first wait of the job's handler; what that returns or throws goes through as it is.
 */
export function attemptFunction<T>(original: Callable, watch: AttemptWatch<T>): Callable {
  return function (this: object, ...args: unknown[]): unknown {
    const job = args[0];
    const begun = typeof job === 'object' && job !== null ? attempted(() => watch.begin(this, job)) : null;
    if (begun === null) return apply(original, this, args) as unknown;
    const former = attempted(raiseStackLimit);
    let result: unknown;
    try {
      result = apply(original, this, args);
    } catch (error) {
      attempted(() => watch.threw(begun, error));
      throw error;
    } finally {
      attempted(() => restoreStackLimit(former));
    }
    attempted(() => watch.returned(begun, result));
    return result;
  };
}
