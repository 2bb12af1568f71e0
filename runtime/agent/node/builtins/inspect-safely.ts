/**
 * Inspects the user's values. It refuses to run any code of the user's: no getter, no proxy trap,
 * no `toString`.
 */
import { inspect, types } from 'node:util';

const { apply, getPrototypeOf, getOwnPropertyDescriptor } = Reflect;
const { includes, startsWith } = String.prototype;

/** Bound on the prototype chain that is searched for a property. */
const MAX_CLASSES = 10;

/** The value of a property that is no accessor; undefined: there is none. */
export function plainProperty(object: object, key: string): unknown {
  let at: unknown = object;
  for (let i = 0; i < MAX_CLASSES; i++) {
    if ((typeof at !== 'object' && typeof at !== 'function') || at === null || types.isProxy(at))
      return undefined;
    const found = getOwnPropertyDescriptor(at, key);
    if (found !== undefined) return found.value;
    at = getPrototypeOf(at);
  }
  return undefined;
}

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
