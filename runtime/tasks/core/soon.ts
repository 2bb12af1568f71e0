/**
 * Calls back in a microtask. Untraced by a promise that is settled already, which costs a fifth of
 * `queueMicrotask` (measured on Node 24: 20 and 95 ns) and comes in the same order. Traced that
 * promise would be one of the program's.
 */
import { builtIns, traced } from './trace.ts';

/** Native, whatever stands under the name of Promise. */
const settled: Promise<void> = (async () => {})();
const { apply } = Reflect;
const { then } = Object.getPrototypeOf(settled) as Promise<void>;

/** @param callback must not throw. */
export function soon(callback: () => void): void {
  if (traced) builtIns.queueMicrotask(callback);
  else void apply(then, settled, [callback]);
}
