/**
 * What a native promise was settled with, asked synchronously. JavaScript has no way to: it is read
 * from what Node does to print the promise, as in inspect-safely.ts. None of the user's code runs,
 * and the value is not looked into: Node is made to believe that it has printed it before.
 */
import { inspect, types } from 'node:util';
import { isProxy } from './inspect-safely.ts';

const { getPrototypeOf } = Reflect;
const { hasOwn } = Object;
const { isArray } = Array;
const PROMISE: unknown = Promise.prototype;

export interface Settled {
  readonly isRejected: boolean;
  /** Node handed the value out; else it is a primitive or a proxy. */
  readonly isKnown: boolean;
  readonly value: unknown;
}

let asked: object | null = null;
let hasBegun = false;
let isPending = false;
let isRejected = false;
let found: unknown;
let foundCount = 0;

/** All but the promise itself have been seen. */
const seenAll = {
  includes(value: unknown): boolean {
    if (value === asked) return false;
    found = value;
    foundCount++;
    return true;
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
  maxStringLength: 0,
  stylize(this: { seen?: unknown } | undefined, text: string): string {
    if (!hasBegun && isArray(this?.seen)) this.seen = seenAll;
    hasBegun = true;
    if (text === '<pending>') isPending = true;
    else if (text === '<rejected>') isRejected = true;
    return '';
  },
};

/**
 * Whether `await` takes the object's own outcome: a native promise whose class nobody has replaced.
 */
function isPlainPromise(operand: object): boolean {
  return (
    types.isPromise(operand) &&
    !isProxy(operand) &&
    getPrototypeOf(operand) === PROMISE &&
    !hasOwn(operand, 'constructor')
  );
}

/** It has no `then`, and looking for one runs none of the user's code. */
function isNoThenable(operand: object): boolean {
  for (let at: unknown = operand; at !== null; at = getPrototypeOf(at as object))
    if (isProxy(at)) return false;
  return !('then' in operand);
}

/**
 * What an `await` of the object came back with. Null: it is neither a plain promise that is settled
 * nor an object without a `then`.
 */
export function settledValueOf(operand: object): Settled | null {
  if (!isPlainPromise(operand))
    return isNoThenable(operand) ? { isRejected: false, isKnown: true, value: operand } : null;
  asked = operand;
  hasBegun = isPending = isRejected = false;
  foundCount = 0;
  listed[1] = operand;
  try {
    inspect(listed, HOW);
    // Of a proxy it asks for target and handler, which are two.
    const isKnown = foundCount === 1;
    return !hasBegun || isPending ? null : { isRejected, isKnown, value: isKnown ? found : undefined };
  } catch {
    return null;
  } finally {
    asked = found = listed[1] = null;
  }
}
