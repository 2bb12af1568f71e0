/**
 * The operand of `for await`, observed: an iterable of the same kind. Its `next` and `return`
 * report their result before the loop waits for it. It reads the same methods, as often and in the
 * same order as the loop itself would. An operand that is no iterable is returned unchanged: the
 * engine throws its own error.
 */
import { builtIns } from '../../../recorder/built-ins.ts';

const { apply, getOwnPropertyDescriptor } = builtIns;
const ASYNC_ITERATOR: typeof Symbol.asyncIterator = Symbol.asyncIterator;
const ITERATOR: typeof Symbol.iterator = Symbol.iterator;

export function observedIterable<T>(iterable: T, onResult: (result: unknown) => void): T {
  if ((typeof iterable !== 'object' && typeof iterable !== 'function') || iterable === null) return iterable;
  const source = iterable as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
  const makeAsync = source[ASYNC_ITERATOR];
  if (makeAsync !== undefined && makeAsync !== null) {
    if (typeof makeAsync !== 'function') return iterable;
    const make = () => observedIterator(apply(makeAsync, iterable, []), onResult);
    return { [ASYNC_ITERATOR]: make } as T;
  }
  const makeSync = source[ITERATOR];
  if (typeof makeSync !== 'function') return iterable;
  // The loop waits for the value inside the step, not for the step.
  const make = () => observedIterator(apply(makeSync, iterable, []), (step) => onResult(valueOf(step)));
  return { [ITERATOR]: make } as T;
}

interface Steps {
  next(...values: unknown[]): unknown;
  return?(...values: unknown[]): unknown;
}

function observedIterator(iterator: unknown, onResult: (result: unknown) => void): unknown {
  if ((typeof iterator !== 'object' && typeof iterator !== 'function') || iterator === null) return iterator;
  const steps = iterator as Steps;
  const next = steps.next;
  if (typeof next !== 'function') return iterator;
  return {
    next(...values: unknown[]): unknown {
      const result: unknown = apply(next, iterator, values);
      onResult(result);
      return result;
    },
    get return(): unknown {
      const method = steps.return;
      if (typeof method !== 'function') return method;
      return (...values: unknown[]): unknown => {
        const result: unknown = apply(method, iterator, values);
        onResult(result);
        return result;
      };
    },
  };
}

/** The value of a step where it is plain data: a getter of the user's must not run twice. */
function valueOf(step: unknown): unknown {
  if (typeof step !== 'object' || step === null) return undefined;
  return getOwnPropertyDescriptor(step, 'value')?.value;
}
