/** Small bodies of tasks, and a run of them on the virtual clock. */
import { type Future, run, sleep } from '../../runtime/index.ts';

/** A coroutine that returns the value after so many ms. */
export const after = <T>(ms: number, value: T) =>
  function* () {
    yield* sleep(ms);
    return value;
  };

/** A coroutine that throws the error after so many ms. */
export const failing = (ms: number, error: unknown) =>
  function* (): Generator<Future<void>, never, unknown> {
    yield* sleep(ms);
    throw error;
  };

/** A coroutine that waits long and logs when its clean-up, of so many ms, is over. */
export const cleaning = (name: string, notes: string[], ms = 0) =>
  function* () {
    try {
      yield* sleep(100_000);
    } finally {
      if (ms > 0) yield* sleep(ms);
      notes.push(name);
    }
  };

/** A run on the virtual clock. */
export const virtually = <T>(main: () => Generator<Future | undefined, T, unknown>): Promise<T> =>
  run(main, { clock: 'virtual' });

/** The error that it fails with. */
export function* errorOf(future: Future): Generator<Future, unknown, unknown> {
  try {
    yield* future;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
