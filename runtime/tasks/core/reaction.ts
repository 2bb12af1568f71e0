/**
 * The callbacks of a future, each called in a step of its own: `then` (that of an `await` included)
 * and `onDone`. A reaction knows futures only by contract, so that it can stand beside them.
 */
import { CancelledError } from './errors.ts';
import { DONE, FAILED, STATE } from './future-state.ts';
import { type FutureLike, type Runner, scheduler, type Waiter } from './runner.ts';
import { bridge, builtIns, traced } from './trace.ts';
import { warnThrown } from './unhandled.ts';

/** One `then`. `runner` is the task that awaits, where the `then` is that of an `await`. */
export class Reaction<Result extends FutureLike> implements Waiter {
  after: Waiter | null = null;
  before: Waiter | null = null;
  /** The reaction is no task: the trace does not record that it was woken. */
  readonly id = 0;
  readonly result: Result;
  readonly runner: Runner | null;
  /** Thrown in place of what the future gives. */
  error: Error | null = null;
  readonly #future: FutureLike;
  readonly #onDone: ((value: never) => unknown) | null;
  readonly #onFailed: ((error: unknown) => unknown) | null;

  constructor(
    future: FutureLike,
    runner: Runner | null,
    result: Result,
    onDone: ((value: never) => unknown) | null,
    onFailed: ((error: unknown) => unknown) | null,
  ) {
    this.#future = future;
    this.result = result;
    this.runner = runner;
    this.#onDone = onDone;
    this.#onFailed = onFailed;
  }

  step(): void {
    const { runner } = this;
    if (runner === null) return this.#react();
    runner.onResume(this.#future);
    const cancellation = runner.takeCancellation();
    if (cancellation !== null) this.error = cancellation;
    if (this.error instanceof CancelledError) this.#future.onUntaken(this.error);
    // The code behind the `await` finds its task through the context.
    if (scheduler.hasContext && !runner.showsWaits) return this.#react();
    // Without it that code is the one microtask that the reaction makes: put it between these two.
    builtIns.queueMicrotask(runner.enter!);
    this.#react();
    builtIns.queueMicrotask(runner.leave!);
  }

  #react(): void {
    const future = this.#future;
    const isDone = (future.flags & STATE) === DONE && this.error === null;
    const callback = isDone ? this.#onDone : this.#onFailed;
    const value = isDone ? future.value : (this.error ?? future.value);
    const { error } = this;
    const settler = error instanceof CancelledError ? error.by : future.settler;
    if (traced) bridge.setCause(settler ?? 0, error === null ? future.wakeResource() : 0);
    try {
      if (callback === null || typeof callback !== 'function')
        this.result.settle(isDone ? DONE : future.flags & STATE || FAILED, value, settler);
      else this.result.settleFrom(callback(value as never), settler);
    } catch (thrown) {
      this.result.settle(FAILED, thrown, settler);
    }
    if (traced) bridge.setCause(0, 0);
  }
}

/** One `onDone`. Its error becomes a warning. */
export class DoneCallback<F extends FutureLike> implements Waiter {
  after: Waiter | null = null;
  before: Waiter | null = null;
  readonly id = 0;
  readonly #future: F;
  readonly #callback: (future: F) => void;

  constructor(future: F, callback: (future: F) => void) {
    this.#future = future;
    this.#callback = callback;
  }

  step(): void {
    try {
      this.#callback(this.#future);
    } catch (error) {
      warnThrown(`a callback of ${this.#future.describe()} threw`, error);
    }
  }
}

/**
 * The error of a task that waits for its own end: nothing else could wake it. After the
 * RuntimeError of asyncio.
 */
export function waitsForItself(future: FutureLike): Error {
  return new Error(`${future.describe()} cannot wait for itself`);
}

/**
 * Whether the callback is the engine's own, as `await` passes it. One that a user passes waits for
 * nothing.
 */
export function isNative(callback: unknown): boolean {
  return typeof callback === 'function' && /\{\s*\[native code\]\s*\}$/.test(String(callback));
}
