/**
 * Inspects the user's values. It refuses to run any code of the user's: no getter, no proxy trap,
 * no `toString`.
 */
import { inspect, types } from 'node:util';

const { isPromise } = types;
export const { isProxy } = types;

const { getPrototypeOf, getOwnPropertyDescriptor } = Reflect;
const { isArray } = Array;

/** Bound on the prototype chain that is searched for a property. */
const MAX_CLASSES = 10;
/** Where most chains end. Its own prototype is null for good. */
const ROOT: unknown = Object.prototype;

/** The value of a property that is no accessor; undefined: there is none. */
export function plainProperty(object: object, key: string): unknown {
  let at: unknown = object;
  for (let i = 0; i < MAX_CLASSES; i++) {
    if ((typeof at !== 'object' && typeof at !== 'function') || at === null || isProxy(at)) return undefined;
    const found = getOwnPropertyDescriptor(at, key);
    if (found !== undefined) return found.value;
    at = getPrototypeOf(at);
  }
  return undefined;
}

/**
 * Whether a promise that is resolved with the object waits for it: its `then` is a function, and
 * reading that runs no code. It is asked of every object that an async function returns: most
 * chains end at `Object.prototype` at once, and `in` costs a tenth of a look at each descriptor.
 */
export function isThenable(object: object): boolean {
  if (isProxy(object)) return false;
  for (
    let at: unknown = getPrototypeOf(object);
    at !== ROOT && at !== null;
    at = getPrototypeOf(at as object)
  )
    if (isProxy(at)) return false;
  return 'then' in object && (isPromise(object) || typeof plainProperty(object, 'then') === 'function');
}

/**
 * The name of an object's constructor; '' for a promise, or when reading it could run user code.
 */
export function typeNameOf(value: object): string {
  if (isProxy(value)) return '';
  const prototype: unknown = getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null || isProxy(prototype)) return '';
  const constructor: unknown = getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof constructor !== 'function' || isProxy(constructor)) return '';
  const name: unknown = getOwnPropertyDescriptor(constructor, 'name')?.value;
  return typeof name === 'string' && name !== 'Promise' ? name : '';
}

/** What Node asks before it prints a value: whether that is being printed already. */
interface Context {
  seen?: unknown;
}

let asked: object | null = null;
let hasBegun = false;
let hasRejected = false;
/** All but the promise itself have been seen. */
const seenAll = {
  includes(value: unknown): boolean {
    return value !== asked;
  },
  push(): void {},
  pop(): void {},
};
const listed: [null, object | null] = [null, null];
const HOW = {
  depth: 1,
  customInspect: false,
  getters: false,
  showProxy: true,
  compact: false as const,
  breakLength: Infinity,
  stylize(this: Context | undefined, text: string): string {
    if (!hasBegun && isArray(this?.seen)) this.seen = seenAll;
    hasBegun = true;
    if (text === '<rejected>') hasRejected = true;
    return '';
  },
};

/**
 * Whether a native promise is rejected. JavaScript has no other synchronous way to ask than to read
 * what Node prints. It takes 1 µs, and several where it is done seldom.
 *
 * What it is rejected with stays untouched: V8 finds the line of an error that ends the process
 * only as long as nobody has read its stack. So Node is made to believe that it has printed that
 * value before. It asks `seen`, a field of what `stylize` is called on; the null comes first so
 * that this is called in time. Where Node keeps no such field, the value is printed.
 */
export function isRejected(promise: object): boolean {
  asked = promise;
  hasBegun = false;
  hasRejected = false;
  listed[1] = promise;
  try {
    inspect(listed, HOW);
    return hasRejected;
  } catch {
    return false;
  } finally {
    asked = null;
    listed[1] = null;
  }
}

/** Of what may be null: packages keep null where their streams cannot be read or written. */
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
