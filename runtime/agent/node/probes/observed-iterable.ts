/**
 * The operand of `for await`, observed: an iterable of the same kind. Its `next` and `return`
 * report their result before the loop waits for it. It reads the same methods, as often and in the
 * same order as the loop itself would. An operand that is no iterable is returned unchanged: the
 * engine throws its own error, for which `onRefused` is told the method that was none.
 */
import { builtIns } from '../../../recorder/built-ins.ts';

const { apply, getOwnPropertyDescriptor } = builtIns;
const ASYNC_ITERATOR: typeof Symbol.asyncIterator = Symbol.asyncIterator;
const ITERATOR: typeof Symbol.iterator = Symbol.iterator;

export function observedIterable<T>(
  iterable: T,
  onResult: (result: unknown) => void,
  onRefused: (method: unknown) => void,
): T {
  if (iterable === null || iterable === undefined) return iterable;
  const source = iterable as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
  const makeAsync = source[ASYNC_ITERATOR];
  if (makeAsync !== undefined && makeAsync !== null) {
    if (typeof makeAsync !== 'function') {
      onRefused(makeAsync);
      return iterable;
    }
    const make = () => observedIterator(apply(makeAsync, iterable, []), false, onResult);
    return { [ASYNC_ITERATOR]: make } as T;
  }
  const makeSync = source[ITERATOR];
  if (typeof makeSync !== 'function') {
    onRefused(makeSync);
    return iterable;
  }
  const make = () => observedIterator(apply(makeSync, iterable, []), true, onResult);
  return { [ITERATOR]: make } as T;
}

interface Steps {
  next(...values: unknown[]): unknown;
  return?(...values: unknown[]): unknown;
}

/**
 * The engine makes promises of what a synchronous iterator does. The loop then waits for the value
 * inside a step, for the error of a method that threw, and for a `return` that does not exist.
 */
function observedIterator(iterator: unknown, isSync: boolean, onResult: (result: unknown) => void): unknown {
  if ((typeof iterator !== 'object' && typeof iterator !== 'function') || iterator === null) return iterator;
  const steps = iterator as Steps;
  const next = steps.next;
  if (typeof next !== 'function') return iterator;

  function step(method: Steps['next'], values: unknown[]): unknown {
    let hasThrown = true;
    // Without `catch`: debuggers would take the user's error for a caught one.
    try {
      const result: unknown = apply(method, iterator, values);
      hasThrown = false;
      onResult(isSync ? valueOf(result) : result);
      return result;
    } finally {
      if (hasThrown && isSync) onResult(undefined);
    }
  }

  return {
    next: (...values: unknown[]): unknown => step(next, values),
    get return(): unknown {
      const method = steps.return;
      if (isSync && (method === undefined || method === null)) onResult(undefined);
      return typeof method === 'function' ? (...values: unknown[]): unknown => step(method, values) : method;
    },
  };
}

/** The value of a step where it is plain data: a getter of the user's must not run twice. */
function valueOf(step: unknown): unknown {
  if (typeof step !== 'object' || step === null) return undefined;
  return getOwnPropertyDescriptor(step, 'value')?.value;
}
