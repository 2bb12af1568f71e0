/**
 * How an error crosses between threads and processes with its name, message, stack, cause and own
 * properties. A plain clone would lose its class and most of its properties.
 */
import { types } from 'node:util';
import { CancelledError, InvalidStateError, TimeoutError } from '../../tasks/core/errors.ts';
import { isCloneable } from './cloneable.ts';

export interface SerializedError {
  /** false: something else was thrown. */
  readonly isError: boolean;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: SerializedError | null;
  readonly errors: readonly SerializedError[] | null;
  /** Own properties that can be cloned; of what is not an error, the value itself under `value`. */
  readonly own: Readonly<Record<string, unknown>>;
}

/** The classes of errors that both ends have, by name. */
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
/** Of causes and of errors in an AggregateError. */
const MAX_DEPTH = 8;

export function serializeError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error) && !types.isNativeError(error)) {
    const own = { value: isCloneable(error) ? error : String(error) };
    return { isError: false, name: '', message: '', stack: undefined, cause: null, errors: null, own };
  }
  const own: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    const value = (error as unknown as Record<string, unknown>)[key];
    if (key !== 'stack' && key !== 'message' && key !== 'cause' && isCloneable(value)) own[key] = value;
  }
  const goDeeper = depth < MAX_DEPTH;
  return {
    isError: true,
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

/**
 * @returns the error as it was thrown: of the same class where that is JavaScript's or the
 *   library's, else an Error of the same name.
 */
export function deserializeError(serialized: SerializedError): unknown {
  if (!serialized.isError) return serialized.own['value'];
  const { name, message, stack, cause, errors, own } = serialized;
  const ErrorClass = CLASSES[name] ?? Error;
  const error =
    errors !== null ? new AggregateError(errors.map(deserializeError), message) : new ErrorClass(message);
  const defineHidden = (key: string, value: unknown): void =>
    void Object.defineProperty(error, key, { value, enumerable: false, configurable: true, writable: true });
  if (error.name !== name) defineHidden('name', name);
  if (stack !== undefined) defineHidden('stack', stack);
  if (cause !== null) defineHidden('cause', deserializeError(cause));
  return Object.assign(error, own);
}
