/**
 * The callbacks of a future, each called in a step of its own: `then` (that of an `await` included)
 * and `onDone`. A reaction knows futures only by contract, so that it can stand beside them.
 */
import { type Context, context } from './context.ts';
import { CancelledError } from './errors.ts';
import { DONE, FAILED, STATE } from './future-state.ts';
import { type AsyncWait, type FutureLike, type Runner, scheduler, type Waiter } from './runner.ts';
import { bridge, builtIns, traced } from './trace.ts';
import { warnThrown } from './unhandled.ts';

type AnyCallback = (...args: unknown[]) => unknown;

/**
 * One `then`. `runner` is the task that awaits, where the `then` is that of an `await`; a handler
 * has none.
 */
export class Reaction<Result extends FutureLike> implements Waiter, AsyncWait {
  after: Waiter | null = null;
  before: Waiter | null = null;
  /** The reaction is no task: the trace does not record that it was woken. */
  readonly id = 0;
  readonly result: Result;
  readonly future: FutureLike;
  runner: Runner | null;
  index = -1;
  combined: object | null = null;
  /** The task that called the function which awaits, where that is not the task's own wait. */
  hiddenIn: Runner | null = null;
  /** Where a handler of the user's runs; V8 knows it of its own. */
  #context: Context | null = null;
  /** Thrown in place of what the future gives. */
  error: Error | null = null;
  readonly #onDone: ((value: never) => unknown) | null;
  readonly #onFailed: ((error: unknown) => unknown) | null;

  constructor(
    future: FutureLike,
    runner: Runner | null,
    result: Result,
    onDone: ((value: never) => unknown) | null,
    onFailed: ((error: unknown) => unknown) | null,
  ) {
    this.future = future;
    this.result = result;
    this.runner = runner;
    this.#onDone = onDone;
    this.#onFailed = onFailed;
  }

  /** Its callbacks are the user's, or some may be: they run where it was asked for. */
  keepContext(): void {
    this.#context = context.captureDetached();
  }

  becomeHandler(): void {
    this.runner = null;
  }

  abandon(): void {
    if (this.after === null) return;
    this.future.removeWaiter(this);
    scheduler.ready(this);
  }

  step(): void {
    const { runner } = this;
    this.hiddenIn?.hideWaits(-1);
    if (runner === null) return this.react();
    runner.onResume(this);
    const cancellation = runner.takeCancellation();
    if (cancellation !== null) this.error = cancellation;
    if (this.error instanceof CancelledError) this.future.onUntaken(this.error);
    // The code behind the `await` finds its task through the context.
    if (scheduler.hasContext && !runner.showsWaits) return this.react();
    // Without it that code is the one microtask that the reaction makes: put it between these two.
    builtIns.queueMicrotask(runner.enter!);
    this.react();
    builtIns.queueMicrotask(runner.leave!);
  }

  private react(): void {
    const { future } = this;
    const isDone = (future.flags & STATE) === DONE && this.error === null;
    const callback = isDone ? this.#onDone : this.#onFailed;
    const value = isDone ? future.value : (this.error ?? future.value);
    const { error } = this;
    const settler = error instanceof CancelledError ? error.by : future.settler;
    if (traced) bridge.setCause(settler ?? 0, error === null ? future.wakeResource() : 0);
    try {
      if (callback === null || typeof callback !== 'function')
        this.result.settle(isDone ? DONE : future.flags & STATE || FAILED, value, settler);
      else
        this.result.settleFrom(
          this.#context === null
            ? callback(value as never)
            : this.#context.runInAsyncScope<undefined, unknown>(callback as AnyCallback, undefined, value),
          settler,
        );
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
  readonly #context: Context | null = context.captureDetached();

  constructor(future: F, callback: (future: F) => void) {
    this.#future = future;
    this.#callback = callback;
  }

  step(): void {
    try {
      if (this.#context === null) this.#callback(this.#future);
      else this.#context.runInAsyncScope(this.#callback, undefined, this.#future);
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

const toText = Function.prototype.toString;
let nativeText = '';
void new Promise((resolve) => {
  nativeText = toText.call(resolve);
});

/**
 * Whether the callback is the engine's own, as `await` and `Promise.all` pass it. One that a user
 * passes waits for nothing.
 */
export function isNative(callback: unknown): boolean {
  return typeof callback === 'function' && callback.name === '' && toText.call(callback) === nativeText;
}
