/**
 * The operand of `for await`, with an eye on each step: an iterable of the same kind whose `next` and `return`
 * tell what they gave before the loop waits for it. It asks for the same methods, as often and in the
 * same order as the loop itself would have; whatever is no iterable goes back unchanged, so that the engine says so.
 */
export function observedIterable<T>(iterable: T, seen: (result: unknown) => void): T {
  if ((typeof iterable !== 'object' && typeof iterable !== 'function') || iterable === null) return iterable;
  const source = iterable as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
  const makeAsync = source[Symbol.asyncIterator];
  if (makeAsync !== undefined && makeAsync !== null) {
    if (typeof makeAsync !== 'function') return iterable;
    const make = () => observedIterator(Reflect.apply(makeAsync, iterable, []), seen);
    return { [Symbol.asyncIterator]: make } as T;
  }
  const makeSync = source[Symbol.iterator];
  if (typeof makeSync !== 'function') return iterable;
  // The loop waits for the value inside the step, not for the step.
  const make = () => observedIterator(Reflect.apply(makeSync, iterable, []), (step) => seen(valueOf(step)));
  return { [Symbol.iterator]: make } as T;
}

interface Steps {
  next(...values: unknown[]): unknown;
  return?(...values: unknown[]): unknown;
}

function observedIterator(iterator: unknown, seen: (result: unknown) => void): unknown {
  if ((typeof iterator !== 'object' && typeof iterator !== 'function') || iterator === null) return iterator;
  const steps = iterator as Steps;
  const next = steps.next;
  if (typeof next !== 'function') return iterator;
  return {
    next(...values: unknown[]): unknown {
      const result: unknown = Reflect.apply(next, iterator, values);
      seen(result);
      return result;
    },
    get return(): unknown {
      const back = steps.return;
      if (typeof back !== 'function') return back;
      return (...values: unknown[]): unknown => {
        const result: unknown = Reflect.apply(back, iterator, values);
        seen(result);
        return result;
      };
    },
  };
}

/** The value of a step when it is plainly there; a getter of the user's is not run twice. */
function valueOf(step: unknown): unknown {
  if (typeof step !== 'object' || step === null) return undefined;
  return Object.getOwnPropertyDescriptor(step, 'value')?.value;
}
