/**
 * A result that will be there, and the waiters for it: the one thing that tasks wait for. It is
 * thenable (`await future`, in async functions) and iterable (`yield* future`, in coroutines).
 * After asyncio.Future.
 *
 * Waiters stand in a ring of their own links: waiting allocates nothing, and leaving the ring costs
 * the same from anywhere. A cancelled future is settled like any other; whatever works for it
 * learns of that in `onCancelled`. Callbacks stand in `reaction.ts`.
 */
import { packWait } from '../../recorder/library-bridge.ts';
import { KIND, REASON } from '../../trace/format/kinds.ts';
import { toCancelledError } from './cancellation.ts';
import { CancelledError, InvalidStateError } from './errors.ts';
import { describeValue } from './describe-value.ts';
import {
  CANCELLED,
  CANCELLED_DIRECTLY,
  DONE,
  FAILED,
  HANDLED,
  IS_FUTURE,
  PENDING,
  STATE,
  STATE_NAMES,
} from './future-state.ts';
import { DoneCallback } from './reaction.ts';
import { executing, type FutureLike, scheduler, type Waiter } from './runner.ts';
import { showFuture } from './show-future.ts';
import { thenInside, thenOutside } from './then.ts';
import { isThenable } from './thenable.ts';
import { bridge, recorder, recordFuture, traced } from './trace.ts';
import { refuseIteration } from './refuse-iteration.ts';
import { reportUnhandled, retractUnhandled } from './unhandled.ts';
import { appendWaiter, unlinkWaiter } from './waiter-ring.ts';

/**
 * What `next` returns, again and again: `yield*` hands it straight to the driver of the generator,
 * and no code keeps it.
 */
const iteratorResult: { done: boolean; value: unknown } = { done: false, value: undefined };

/**
 * A result that will be there: `await` it in async functions, `yield*` it in coroutines; many can
 * wait for one. After asyncio.Future.
 * @example
 * const meal = new Future();
 * const waiter = spawn(function* () { return `serves ${yield* meal}`; });
 * meal.resolve('soup');
 * await waiter; // → 'serves soup'
 */
export class Future<T = unknown> {
  /** @internal */
  declare readonly [IS_FUTURE]: true;
  /** @internal */
  flags = PENDING;
  /** @internal The result, or the error. */
  value: unknown = undefined;
  /** The last waiter in the ring; its `after` is the first. */
  #last: Waiter | null = null;
  /**
   * @internal Traced: the id of the task that settled it; below 0: the world outside. Untraced the
   * field does not exist, which saves its bytes.
   */
  declare settler: number;
  /** @internal Traced: its id when a user made it at a known line; else 0. */
  declare resourceId: number;

  constructor() {
    if (!traced) return;
    this.settler = 0;
    this.resourceId = new.target === Future && bridge.site !== 0 ? recordFuture() : 0;
  }

  /** A future that is done already. */
  static done<T>(value: T): Future<T> {
    const future = new Future<T>();
    future.settle(DONE, value);
    return future;
  }

  /** A future that has failed already. */
  static failed(error: unknown): Future<never> {
    const future = new Future<never>();
    future.settle(FAILED, error);
    return future;
  }

  /** `pending`, `done`, `failed` or `cancelled`; a task that is pending says more. */
  get state(): string {
    return STATE_NAMES[this.flags & STATE]!;
  }

  /** It has ended: done, failed or cancelled (as asyncio's `done()`). */
  get isDone(): boolean {
    return (this.flags & STATE) !== PENDING;
  }

  /** It ended by being cancelled. */
  get isCancelled(): boolean {
    return (this.flags & STATE) === CANCELLED;
  }

  /**
   * @returns the result.
   * @throws its error when it failed or was cancelled; InvalidStateError when it is not there yet.
   */
  get result(): T {
    const state = this.flags & STATE;
    if (state === PENDING)
      throw new InvalidStateError(`${this.describe()} has no result yet; wait for it first`);
    this.markHandled();
    if (state === DONE) return this.value as T;
    throw this.value;
  }

  /**
   * The error it failed or was cancelled with; null when it is done.
   * @throws InvalidStateError when it has not ended yet.
   */
  get error(): unknown {
    const state = this.flags & STATE;
    if (state === PENDING)
      throw new InvalidStateError(`${this.describe()} has not ended yet; wait for it first`);
    this.markHandled();
    return state === DONE ? null : this.value;
  }

  /** Sets the result. @throws InvalidStateError when it is settled (as asyncio's `set_result`). */
  resolve(value: T): void {
    if (!this.settle(DONE, value)) throw settledTwice(this as Future);
  }

  /** Sets the error. @throws InvalidStateError when it is settled already. */
  reject(error: unknown): void {
    if (!this.settle(FAILED, error)) throw settledTwice(this as Future);
  }

  /**
   * Gives up the result and wakes the waiters with CancelledError.
   * @returns false when it is settled already.
   */
  cancel(reason?: unknown): boolean {
    if (this.flags & STATE) return false;
    const error = toCancelledError(reason);
    this.onCancelled();
    this.flags |= CANCELLED_DIRECTLY;
    return this.settle(CANCELLED, error, error.by);
  }

  /**
   * Calls back when it is settled, in the order of asking, never at once. An error of the callback
   * becomes a warning. After asyncio's `add_done_callback`.
   * @throws TypeError at once for what is no function.
   */
  onDone(callback: (future: this) => void): this {
    if (typeof callback !== 'function')
      throw new TypeError(`onDone() needs a function to call, not ${describeValue(callback)}`);
    // A callback does not handle a failure: only reading the result does, as in asyncio.
    this.addListener(new DoneCallback(this, callback));
    return this;
  }

  /**
   * As of a promise. The callbacks run in a step of their own; what they return or throw is the end
   * of the returned future. `await` reads this getter while its task still executes: that is how
   * the waits of an async function are known.
   */
  get then(): <A = T, B = never>(
    onDone?: ((value: T) => A | PromiseLike<A>) | null,
    onFailed?: ((error: unknown) => B | PromiseLike<B>) | null,
  ) => Future<A | B> {
    const runner = scheduler.currentRunner();
    if (runner === null || runner.enter === null)
      return (onDone, onFailed) => thenOutside(this, runner, new ReactionResult(this), onDone, onFailed);
    const read = runner.asyncWaits().read(thenGetter);
    return (onDone, onFailed) => thenInside(this, runner, read, new ReactionResult(this), onDone, onFailed);
  }

  /** As of a promise: `then` for the error alone. */
  catch<B = never>(onFailed: (error: unknown) => B | PromiseLike<B>): Future<T | B> {
    return this.then(null, onFailed);
  }

  /**
   * As of a promise: calls back however it ends, and ends the same way. An error of the callback
   * takes the place of that end.
   */
  finally(always: () => void): Future<T> {
    return this.then(
      (value) => {
        always();
        return value;
      },
      (error) => {
        always();
        throw error;
      },
    );
  }

  /** As of a promise, so that what takes one for the compiler takes a future. */
  get [Symbol.toStringTag](): string {
    return 'Future';
  }

  /** What JSON has of it: what `console.log` shows. */
  toJSON(): string {
    return showFuture(this, describeValue);
  }

  /** @internal What `console.log` shows of it: its name, its state, and what it waits for. */
  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect: Inspect): string {
    return showFuture(this, (value) => inspect(value, options));
  }

  /** `yield* future` in a coroutine: waits for it, and gives its result or throws its error. */
  [Symbol.iterator](): Iterator<Future<T>, T, unknown> {
    return this as unknown as Iterator<Future<T>, T, unknown>;
  }

  /**
   * @internal `yield* future`: yields itself until it is settled. It keeps no state of an
   * iteration, so that many can wait at once.
   */
  protected next(): IteratorResult<unknown, unknown> {
    const state = this.flags & STATE;
    if (state === PENDING) {
      iteratorResult.done = false;
      iteratorResult.value = this;
    } else {
      this.markHandled();
      if (state !== DONE) throw this.value;
      if (traced) bridge.site = 0;
      iteratorResult.done = true;
      iteratorResult.value = this.value;
    }
    return iteratorResult;
  }

  /** @internal */
  protected throw(error: unknown): never {
    throw error;
  }

  /** @internal */
  protected return(value: unknown): IteratorResult<unknown, unknown> {
    iteratorResult.done = true;
    iteratorResult.value = value;
    return iteratorResult;
  }

  // What follows is for the library's own parts.

  /**
   * @internal For the instrument at an `await`: the reason and the target of a wait for this
   * object, packed; -1 when it is no future. It runs no code of the user's.
   */
  static waitOf(this: void, object: object): number {
    return #last in object ? packWait(object.waitReason(), object.waitTarget()) : -1;
  }

  /**
   * Settles it and makes its waiters ready, in their order.
   * @param settler traced: the id of the task that settles it, below 0 the world outside; when it
   *   is left out: the one that executes.
   * @returns false when it was settled before.
   * @internal
   */
  settle(state: number, value: unknown, settler?: number): boolean {
    if (this.flags & STATE) return false;
    this.flags |= state;
    this.value = value;
    if (traced) this.settler = settler ?? executing();
    const last = this.#last;
    if (last !== null) {
      this.#last = null;
      let waiter = last.after!;
      last.after = null;
      for (;;) {
        const { after } = waiter;
        waiter.after = null;
        waiter.before = null;
        if (traced && waiter.id !== 0)
          recorder.write(
            KIND.wake,
            0,
            waiter.id,
            this.settler > 0 ? this.settler : 0,
            this.wakeResource(),
            0,
            0,
          );
        scheduler.ready(waiter);
        if (after === null) break;
        waiter = after;
      }
    }
    if (state === FAILED && !(this.flags & HANDLED)) reportUnhandled(this);
    return true;
  }

  /**
   * Settles it with a plain value, or as a future or promise ends.
   * @param settler traced: who settles it with a plain value; when it is left out: the one that
   *   executes. What ends later is settled by the task that ends it.
   * @internal
   */
  settleFrom(value: unknown, settler?: number): void {
    if (!isThenable(value)) {
      this.settle(DONE, value, settler);
      return;
    }
    const source = value instanceof Future ? (value as Future) : null;
    try {
      value.then(
        (result: unknown) => this.settle(DONE, result, source?.settler),
        (error: unknown) =>
          this.settle(error instanceof CancelledError ? CANCELLED : FAILED, error, source?.settler),
      );
    } catch (error) {
      this.settle(FAILED, error, settler);
    }
  }

  /** @internal Makes the waiter ready when it is settled; at once when it is settled already. */
  addWaiter(waiter: Waiter): void {
    this.markHandled();
    this.addListener(waiter);
  }

  /** @internal As `addWaiter`, for one that only listens: it does not handle a failure. */
  addListener(waiter: Waiter): void {
    if (this.flags & STATE) {
      scheduler.ready(waiter);
      return;
    }
    this.#last = appendWaiter(this.#last, waiter);
  }

  /** @internal The waiter waits no longer, wherever it stands in the ring. */
  removeWaiter(waiter: Waiter): void {
    this.removeListener(waiter);
  }

  /** @internal The same for one that only listened. */
  removeListener(waiter: Waiter): void {
    this.#last = unlinkWaiter(this.#last, waiter);
  }

  /** @internal Some code takes care of how it ends: its failure is not lost. */
  markHandled(): void {
    if (this.flags & HANDLED) return;
    this.flags |= HANDLED;
    if ((this.flags & STATE) === FAILED) retractUnhandled(this);
  }

  /** @internal */
  get isAwaited(): boolean {
    return this.#last !== null;
  }

  /** @internal It is being cancelled: whatever would have settled it must let go of it. */
  protected onCancelled(): void {}

  /**
   * @internal A waiter was cancelled after the future was settled and before the waiter could run:
   * it gets CancelledError, not the value.
   */
  onUntaken(_error: CancelledError): void {}

  /** @internal It was cancelled so many ms ago, and whoever waits for its end waits no longer. */
  abandon(_graceMs: number): void {}

  /** @internal What it gives comes from a promise that may hide a wait for the world outside. */
  get isForeign(): boolean {
    return false;
  }

  /**
   * @internal What listened to it takes nothing from it after all (it lost a race). A value that
   * no waiter took goes back to where it came from; the future then counts as cancelled.
   */
  giveBack(_error: CancelledError): void {}

  /** @internal No waiter took its value: the future counts as cancelled from now on. */
  protected withdrawValue(error: CancelledError): void {
    this.flags = (this.flags & ~STATE) | CANCELLED;
    this.value = error;
  }

  /** @internal */
  waitReason(): number {
    return REASON.future;
  }
  /** @internal */
  waitTarget(): number {
    return traced ? this.resourceId : 0;
  }
  /** @internal */
  waitResource(): number {
    return this.waitTarget();
  }

  /** @internal */
  wakeResource(): number {
    return this.flags & CANCELLED_DIRECTLY ? 0 : this.waitResource();
  }

  /** @internal For error messages. */
  describe(): string {
    return 'the future';
  }
}

/** No method of the class: a private one would cost each future a field. */
const settledTwice = (future: Future): InvalidStateError =>
  new InvalidStateError(`${future.describe()} is ${future.state} already; it can be settled only once`);

Object.defineProperty(Future.prototype, IS_FUTURE, { value: true });
Object.defineProperty(Future.prototype, Symbol.asyncIterator, { value: refuseIteration });

type Inspect = (value: unknown, options: object) => string;

/** What an `await` calls first: where it stands is on the stack above it. */
const thenGetter = Object.getOwnPropertyDescriptor(Future.prototype, 'then')!.get as () => unknown;

if (traced) bridge.waitOf = Future.waitOf;

/** What `then` returns. A wait for it shows as one for the future that `then` was called on. */
class ReactionResult<T> extends Future<T> {
  /** Traced; untraced it holds nothing. */
  declare readonly source: FutureLike;

  constructor(source: FutureLike) {
    super();
    if (traced) this.source = source;
  }
  override waitReason(): number {
    return traced ? this.source.waitReason() : super.waitReason();
  }
  override waitTarget(): number {
    return traced ? this.source.waitTarget() : 0;
  }
  override waitResource(): number {
    return traced ? this.source.waitResource() : 0;
  }
  override describe(): string {
    return 'what a then() gave';
  }
}
