/** What crosses between threads and processes, beside functions: errors with all they say, and values that can be cloned at all. */
import { types } from 'node:util';
import { isShared } from '../shared/shared-lock.ts';
import { isNotTransferable, withArticle } from './not-transferable.ts';
import { CancelledError, InvalidStateError, TimeoutError } from '../../tasks/core/errors.ts';

export interface CarriedError {
  readonly isError: boolean;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: CarriedError | null;
  readonly errors: readonly CarriedError[] | null;
  /** Own properties that can be cloned; of what is no error, the value itself under `value`. */
  readonly own: Readonly<Record<string, unknown>>;
}

const CLASSES: Readonly<Record<string, new (message?: string) => Error>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  CancelledError: class extends CancelledError {
    constructor(message?: string) {
      super(undefined, message);
    }
  },
  InvalidStateError,
  TimeoutError,
};
const DEEPEST = 8;

export function carryError(error: unknown, depth = 0): CarriedError {
  if (!(error instanceof Error) && !types.isNativeError(error)) {
    const own = uncloneable(error, true, -1, null) === null ? { value: error } : { value: String(error) };
    return { isError: false, name: '', message: '', stack: undefined, cause: null, errors: null, own };
  }
  const own: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    const value = (error as unknown as Record<string, unknown>)[key];
    if (
      key !== 'stack' &&
      key !== 'message' &&
      key !== 'cause' &&
      uncloneable(value, true, -1, null) === null
    )
      own[key] = value;
  }
  const further = depth < DEEPEST;
  return {
    isError: true,
    name: error.name,
    message: error.message,
    stack: error.stack,
    cause: further && error.cause !== undefined ? carryError(error.cause, depth + 1) : null,
    errors:
      further && error instanceof AggregateError
        ? error.errors.map((each) => carryError(each, depth + 1))
        : null,
    own,
  };
}

/** The error as it was: of the same class where that is JavaScript's or ours, else an Error of the same name. */
export function errorFrom(carried: CarriedError): unknown {
  if (!carried.isError) return carried.own['value'];
  const { name, message, stack, cause, errors, own } = carried;
  const Class = CLASSES[name];
  const error =
    errors !== null ? new AggregateError(errors.map(errorFrom), message) : new (Class ?? Error)(message);
  const hidden = (key: string, value: unknown): void =>
    void Object.defineProperty(error, key, { value, enumerable: false, configurable: true, writable: true });
  if (error.name !== name) hidden('name', name);
  if (stack !== undefined) hidden('stack', stack);
  if (cause !== null) hidden('cause', errorFrom(cause));
  return Object.assign(error, own);
}

/** What in a value cannot be cloned: the path to it from the value, and what it is. */
interface Uncloneable {
  path: string;
  readonly what: string;
  /** `what` says why as well. */
  readonly isWhole?: true;
}

/**
 * null: nothing that can be seen without trying. Far cheaper than to try.
 * @param shares false between processes, which share no memory.
 * @param depth how many lists deep a lock or counter that threads share may stand to be found there; below 0: nowhere.
 */
function uncloneable(
  value: unknown,
  shares: boolean,
  depth: number,
  seen: Set<object> | null,
): Uncloneable | null {
  switch (typeof value) {
    case 'function':
      return { path: '', what: `a function${value.name === '' ? '' : ` (${value.name})`}` };
    case 'symbol':
      return { path: '', what: 'a symbol' };
    case 'object':
      return value === null || seen?.has(value) === true ? null : inObject(value, shares, depth, seen);
    default:
      return null;
  }
}

function inObject(
  value: object,
  shares: boolean,
  depth: number,
  seen: Set<object> | null,
): Uncloneable | null {
  if (types.isProxy(value)) return { path: '', what: 'a proxy' };
  const isArray = Array.isArray(value);
  if (!isArray && Object.getPrototypeOf(value) !== Object.prototype) {
    if (ArrayBuffer.isView(value)) return null;
    if (isShared(value)) return inShared(value.constructor.name, shares, depth);
    // Its clone would be an object with nothing behind it.
    if (isNotTransferable(value))
      return { path: '', what: `${withArticle(value.constructor.name)} of this thread` };
    if (
      types.isPromise(value) ||
      value instanceof WeakMap ||
      value instanceof WeakSet ||
      value instanceof WeakRef
    )
      return { path: '', what: `a ${value.constructor.name}` };
    if (!shares && value instanceof SharedArrayBuffer)
      return { path: '', what: 'a SharedArrayBuffer, and processes share no memory' };
    if (value instanceof Map || value instanceof Set) {
      const items = value instanceof Map ? [...value.keys(), ...value.values()] : [...value];
      const found = inObject(items, shares, -1, (seen ?? new Set()).add(value));
      return found === null ? null : { ...found, path: ` (an item of the ${value.constructor.name})` };
    }
    if (isHost(value)) return null;
  }
  // No closures here, and a set only for what holds objects: a map checks each of its items.
  const keys = isArray ? null : Object.keys(value);
  const length = keys === null ? (value as unknown[]).length : keys.length;
  for (let i = 0; i < length; i++) {
    const key = keys === null ? i : keys[i]!;
    const item = (value as Record<string, unknown>)[key];
    if (typeof item !== 'object' && typeof item !== 'function' && typeof item !== 'symbol') continue;
    if (item === null) continue;
    seen ??= new Set();
    seen.add(value);
    const found = uncloneable(item, shares, isArray ? depth - 1 : -1, seen);
    if (found === null) continue;
    found.path = `${isArray ? `[${key}]` : `.${key}`}${found.path}`;
    return found;
  }
  return null;
}

function inShared(name: string, shares: boolean, depth: number): Uncloneable | null {
  if (!shares)
    return { path: '', what: `a ${name}, which threads share; a process has no part in it`, isWhole: true };
  if (depth >= 0) return null;
  return {
    path: '',
    what: `a ${name} inside something else; give it as an argument of its own`,
    isWhole: true,
  };
}

/** Objects of Node's or JavaScript's own, which know how to be cloned (or do not: then sending says so). */
function isHost(value: object): boolean {
  return Object.prototype.toString.call(value) !== '[object Object]';
}

/** @throws TypeError naming the first argument that cannot be sent. */
export function checkArguments(args: readonly unknown[], who: string, shares: boolean): void {
  for (let i = 0; i < args.length; i++) checkItem(args[i], 'argument', i + 1, who, shares);
}

/** @throws TypeError naming it, as in "argument 1", when it cannot be sent. */
export function checkItem(item: unknown, called: string, number: number, who: string, shares: boolean): void {
  if (typeof item === 'number' || typeof item === 'string') return;
  // An item may be a list of arguments.
  const found = uncloneable(item, shares, called === 'item' ? 1 : 0, null);
  if (found === null) return;
  const why = found.isWhole ? '' : `, which cannot be sent to ${shares ? 'a thread' : 'a process'}`;
  throw new TypeError(`${who}: ${called} ${number}${found.path} is ${found.what}${why}`);
}
