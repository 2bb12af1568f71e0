/** What a task is made of, and what may be said of it. */
import type { Future } from './future.ts';

/**
 * What a coroutine may `yield`: a future to wait for, a promise (awaited, never cancelled), or
 * nothing, to let others go first.
 */
export type Yielded = Future | PromiseLike<unknown> | undefined | void;
/** What a `function*` returns that is to be a task. */
export type Coroutine<T> = Generator<Yielded, T, unknown>;
/** What a task can be made of. */
export type TaskBody<T> = (() => Coroutine<T>) | (() => PromiseLike<T>) | (() => T);

/** What may be said of a task when it is made. */
export interface TaskOptions {
  /** How the trace and messages call it. Without it: the function's name. */
  readonly name?: string;
}
