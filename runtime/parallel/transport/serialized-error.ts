/**
 * How an error crosses between threads and processes with its name, message, stack, cause and own
 * properties. A plain clone would lose its class and most of its properties.
 */
import { types } from 'node:util';
import { CancelledError, InvalidStateError, TimeoutError } from '../../tasks/core/errors.ts';
import { BrokenBarrier, NotHeld, QueueClosed, QueueEmpty, QueueFull } from '../../sync/errors.ts';
import { isCloneable } from './cloneable.ts';

export interface SerializedError {
  /** false: something else was thrown. */
  readonly isError: boolean;
  /** Of its constructor; empty where it has none. */
  readonly className: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: SerializedError | null;
  readonly errors: readonly SerializedError[] | null;
  /** Own properties that can be cloned; of what is not an error, the value itself under `value`. */
  readonly own: Readonly<Record<string, unknown>>;
}

/** A class of errors; its constructor is not called. */
export interface ErrorClass {
  readonly prototype: Error;
}

const byName = <C extends { readonly name: string }>(...classes: readonly C[]): ReadonlyMap<string, C> =>
  new Map(classes.map((each) => [each.name, each]));
/** JavaScript's own classes of errors. */
const NATIVE = byName<new (message?: string) => Error>(
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
);
/** Classes of the library, which both ends have. */
const LIBRARY = byName<ErrorClass & { readonly name: string }>(
  BrokenBarrier,
  CancelledError,
  InvalidStateError,
  NotHeld,
  QueueClosed,
  QueueEmpty,
  QueueFull,
  TimeoutError,
);
/** Of causes and of errors in an AggregateError. */
const MAX_DEPTH = 8;

export function serializeError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error) && !types.isNativeError(error)) {
    const own = { value: isCloneable(error) ? error : String(error) };
    return {
      isError: false,
      className: '',
      name: '',
      message: '',
      stack: undefined,
      cause: null,
      errors: null,
      own,
    };
  }
  const own: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    const value = (error as unknown as Record<string, unknown>)[key];
    if (key !== 'stack' && key !== 'message' && key !== 'cause' && isCloneable(value)) own[key] = value;
  }
  const goDeeper = depth < MAX_DEPTH;
  return {
    isError: true,
    className: classNameOf(error),
    name: error.name,
    message: error.message,
    stack: error.stack,
    cause: goDeeper && error.cause !== undefined ? serializeError(error.cause, depth + 1) : null,
    errors:
      goDeeper && error instanceof AggregateError
        ? error.errors.map((each) => serializeError(each, depth + 1))
        : null,
    own,
  };
}

function classNameOf(error: Error): string {
  try {
    const { constructor } = error;
    return typeof constructor === 'function' ? constructor.name : '';
  } catch {
    return '';
  }
}

/**
 * @param findClass gives the class of that name that the function which threw it can use.
 * @returns the error as it was thrown: of the same class where that is JavaScript's, Node's or the
 *   library's, or is found; else an Error of the same name. The constructor of a class that is
 *   found is not called: private fields are not there.
 */
export function deserializeError(
  serialized: SerializedError,
  findClass: (name: string) => ErrorClass | null = () => null,
): unknown {
  if (!serialized.isError) return serialized.own['value'];
  const { name, stack, cause, own } = serialized;
  const error = createError(serialized, findClass);
  const defineHidden = (key: string, value: unknown): void =>
    void Object.defineProperty(error, key, { value, enumerable: false, configurable: true, writable: true });
  if (error.name !== name) defineHidden('name', name);
  if (stack !== undefined) defineHidden('stack', stack);
  if (cause !== null) defineHidden('cause', deserializeError(cause, findClass));
  return Object.assign(error, own);
}

function createError(
  { className, name, message, errors }: SerializedError,
  findClass: (name: string) => ErrorClass | null,
): Error {
  if (className === 'DOMException') return new DOMException(message, name);
  const NativeError = NATIVE.get(className) ?? NATIVE.get(name) ?? Error;
  const error =
    errors === null
      ? new NativeError(message)
      : new AggregateError(
          errors.map((each) => deserializeError(each, findClass)),
          message,
        );
  if (className === '' || NATIVE.has(className) || className === 'AggregateError') return error;
  const ErrorClass =
    className === 'AssertionError'
      ? AssertionError()
      : (findClass(className) ?? LIBRARY.get(className) ?? LIBRARY.get(name));
  if (ErrorClass !== undefined) Object.setPrototypeOf(error, ErrorClass.prototype);
  return error;
}

/** Few programs need it, and loading it takes time. */
const AssertionError = (): ErrorClass => process.getBuiltinModule('node:assert').AssertionError;
