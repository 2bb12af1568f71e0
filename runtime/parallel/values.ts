/** What crosses between threads and processes, beside functions: errors with all they say, and values that can be cloned at all. */
import { types } from 'node:util';
import { isShared } from './shared.ts';
import { CancelledError, InvalidStateError, TimeoutError } from '../tasks/errors.ts';

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
    const own = uncloneable(error, '') === null ? { value: error } : { value: String(error) };
    return { isError: false, name: '', message: '', stack: undefined, cause: null, errors: null, own };
  }
  const own: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    const value = (error as unknown as Record<string, unknown>)[key];
    if (key !== 'stack' && key !== 'message' && key !== 'cause' && uncloneable(value, '') === null)
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

/**
 * What in a value cannot be cloned, in words that name the path to it; null: nothing that can be seen without trying. Far cheaper than to try.
 * @param shares false between processes, which share no memory.
 */
export function uncloneable(value: unknown, path: string, shares = true, seen?: Set<object>): string | null {
  switch (typeof value) {
    case 'function':
      return `${path || 'it'} is a function${value.name === '' ? '' : ` (${value.name})`}`;
    case 'symbol':
      return `${path || 'it'} is a symbol`;
    case 'object':
      break;
    default:
      return null;
  }
  if (value === null) return null;
  if (types.isProxy(value)) return `${path || 'it'} is a proxy`;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) {
    if (ArrayBuffer.isView(value) || isShared(value)) return null;
    if (
      value instanceof Promise ||
      value instanceof WeakMap ||
      value instanceof WeakSet ||
      value instanceof WeakRef
    )
      return `${path || 'it'} is a ${value.constructor.name}`;
    if (!shares && value instanceof SharedArrayBuffer)
      return `${path || 'it'} is a SharedArrayBuffer, and processes share no memory`;
  }
  if (seen?.has(value)) return null;
  const inside = (item: unknown, at: () => string): string | null => {
    // Most values have nothing in them that could lead back here.
    if (typeof item !== 'object' && typeof item !== 'function' && typeof item !== 'symbol') return null;
    seen ??= new Set();
    seen.add(value);
    return uncloneable(item, at(), shares, seen);
  };
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = inside(value[i], () => `${path}[${i}]`);
      if (found !== null) return found;
    }
    return null;
  }
  if (value instanceof Map || value instanceof Set) {
    for (const item of value instanceof Map ? [...value.keys(), ...value.values()] : value) {
      const found = inside(item, () => `${path} (an item of the ${value.constructor.name})`);
      if (found !== null) return found;
    }
    return null;
  }
  if (isHost(value)) return null;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const found = inside((value as Record<string, unknown>)[key], () => `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/** Objects of Node's or JavaScript's own, which know how to be cloned (or do not: then sending says so). */
function isHost(value: object): boolean {
  return Object.prototype.toString.call(value) !== '[object Object]';
}

/** @throws TypeError naming the first argument that cannot be sent. */
export function checkArguments(args: readonly unknown[], who: string, shares: boolean): void {
  for (let i = 0; i < args.length; i++) checkItem(args[i], `argument ${i + 1}`, who, shares);
}

/** @throws TypeError naming it when it cannot be sent. */
export function checkItem(item: unknown, called: string, who: string, shares: boolean): void {
  if (typeof item === 'number' || typeof item === 'string') return;
  const found = uncloneable(item, called, shares);
  if (found !== null)
    throw new TypeError(`${who}: ${found}, which cannot be sent to ${shares ? 'a thread' : 'a process'}`);
}
