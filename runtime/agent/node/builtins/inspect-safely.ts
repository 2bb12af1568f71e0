/**
 * Inspects the user's values. It refuses to run any code of the user's: no getter, no proxy trap,
 * no `toString`.
 */
import { inspect, types } from 'node:util';

const { apply, getPrototypeOf, getOwnPropertyDescriptor } = Reflect;
const { includes, startsWith } = String.prototype;

/**
 * The name of an object's constructor; '' for a promise, or when reading it could run user code.
 */
export function typeNameOf(value: object): string {
  if (types.isProxy(value)) return '';
  const prototype: unknown = getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null || types.isProxy(prototype)) return '';
  const constructor: unknown = getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof constructor !== 'function' || types.isProxy(constructor)) return '';
  const name: unknown = getOwnPropertyDescriptor(constructor, 'name')?.value;
  return typeof name === 'string' && name !== 'Promise' ? name : '';
}

/**
 * Whether a native promise is rejected. JavaScript has no other synchronous way to ask. It takes
 * several µs: not for hot paths.
 */
export function isRejected(promise: object): boolean {
  try {
    const text = inspect(promise, { depth: 0, customInspect: false, getters: false, showProxy: true });
    return apply(includes, text, ['<rejected>']) === true && apply(startsWith, text, ['Promise {']) === true;
  } catch {
    return false;
  }
}
