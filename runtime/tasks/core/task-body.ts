/** What a task is made of, and what may be said of it. */
import type { SignalOptions } from './abort.ts';
import { describeYielded } from './describe-value.ts';
import { checkMs, checkOptions } from './options.ts';
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
export interface TaskOptions extends SignalOptions {
  /** How the trace and messages call it. Without it: the function's name. */
  readonly name?: string;
}

/**
 * The body of a task that waits for something first, and then is an async function. So nothing of
 * the function is there while it waits. It gives itself as its value when the wait is over.
 */
export interface AsyncTail {
  readonly fn: () => unknown;
  /** The function has ended: called before its task does. */
  ended(): void;
}

/** @internal Of a task that is an attempt at a job. */
export interface AttemptOptions extends TaskOptions {
  /** The job's resource in the trace; 0 untraced. */
  readonly job?: number;
}

/** How a task is cancelled. */
export interface CancelOptions {
  /**
   * How many ms the task has to end, in real time. Then it is abandoned: a warning names it and its
   * line, it counts as cancelled, and its code may go on unseen. Without it: as long as it takes.
   */
  readonly grace?: number;
}

/** @throws TypeError, RangeError for options that make no sense. */
export function graceOf(options: CancelOptions): number {
  checkOptions('cancel()', options, ['grace']);
  const { grace = Infinity } = options;
  checkMs('the grace of cancel()', grace);
  return grace;
}

/** What is thrown into a coroutine that yields what nobody can wait for. */
export const cannotBeYielded = (task: Future, yielded: unknown): TypeError =>
  new TypeError(
    `${task.describe()} yielded ${describeYielded(yielded)}; a coroutine yields a future, a promise or nothing. To call another coroutine, write yield*`,
  );
