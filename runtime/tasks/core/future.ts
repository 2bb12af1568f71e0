/**
 * A result that will be there, and whoever waits for it: the one thing that tasks wait for. It is thenable (`await future`, in async
 * functions) and iterable (`yield* future`, in coroutines), after asyncio.Future.
 *
 * Waiters stand in a ring of their own links, so that waiting allocates nothing and giving up costs the same wherever one stands.
 * A future that was cancelled is settled like any other; what was under way for it is told by `dropped`.
 */
import { CancelledError, InvalidStateError } from './errors.ts';
import { packWait } from '../../recorder/library-bridge.ts';
import { Scheduler, type Step } from './scheduler.ts';
import { describeValue } from './describe-value.ts';
import { builtIns, bridge, recorder, takeSite, traced } from './trace.ts';
import { KIND, REASON, RESOURCE_KIND } from '../../trace/format/kinds.ts';

/** Who waits for a future. */
export interface Waiter extends Step {
  /** @internal Its neighbours in the ring of those who wait for the same; null when it waits for nothing. */
  after: Waiter | null;
  /** @internal */
  before: Waiter | null;
  /** Its id in the trace, or 0. */
  readonly id: number;
}

/** What the thread executes: a task, as the parts below it know it. */
export interface Runner {
  readonly id: number;
  /** @internal The future it waits for; an async function may wait for several at once (`Promise.all`), then the one begun last. */
  readonly waitingOn: Future | null;
  /** @internal An async function's wait for this one begins, and is over. */
  onWait(future: Future): void;
  /** @internal */
  onResume(future: Future): void;
  /** @internal Null in a coroutine: there `await` cannot stand. Else what goes around a step of an async function's body. */
  readonly enter: (() => void) | null;
  /** @internal */
  readonly leave: (() => void) | null;
  /** @internal Traced: no instrument tells of the waits of its async function; it does so itself, in `enter` and `leave`. */
  readonly showsWaits: boolean;
  /** @internal The cancellation that waits to be thrown at its next wait, and no longer waits. */
  takeCancellation(): CancelledError | null;
}

export const scheduler: Scheduler<Runner> = new Scheduler<Runner>();

/** Traced: who executes. An instrumented function or another coroutine may stand on top of the task. */
export function executing(): number {
  return bridge.topId() || (scheduler.current?.id ?? bridge.currentId());
}

/** Low two bits of `flags`. */
export const PENDING = 0;
export const DONE = 1;
export const FAILED = 2;
export const CANCELLED = 3;
export const STATE = 3;
/** Somebody waited for it or looked at its end: a failure is not lost. */
export const HANDLED = 4;
/** It was cancelled itself: whoever waited for it was not woken through it. The bits between belong to tasks. */
const CANCELLED_DIRECTLY = 512;

const STATES = ['pending', 'done', 'failed', 'cancelled'] as const;
const WAITS_FOR_FUTURE = REASON.future;

/** What `next` gives, again and again: `yield*` hands it straight to whoever drives the generator, and no one keeps it. */
const iteratorResult: { done: boolean; value: unknown } = { done: false, value: undefined };

/**
 * A result that will be there: `await` it in async functions, `yield*` it in coroutines; many can wait for one. After asyncio.Future.
 * @example
 * const meal = new Future();
 * const waiter = spawn(function* () { return `serves ${yield* meal}`; });
 * meal.resolve('soup');
 * await waiter; // → 'serves soup'
 */
export class Future<T = unknown> {
  /** @internal */
  flags = PENDING;
  /** @internal The result, or the error. */
  value: unknown = undefined;
  /** The last of the ring of waiters; its `after` is the first. */
  #last: Waiter | null = null;
  /** @internal Traced: who settled it; below 0: the world outside. Untraced it is not there, which saves its bytes. */
  declare settler: number;
  /** @internal Traced: its id, where it is the user's own and the line is known that made it; else 0. */
  declare resourceId: number;

  constructor() {
    if (!traced) return;
    this.settler = 0;
    this.resourceId = new.target === Future && bridge.site !== 0 ? recordFuture() : 0;
  }

  /** A future that is there already. */
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
    return STATES[this.flags & STATE]!;
  }

  /** It has ended: done, failed or cancelled (as asyncio's `done()`). */
  get isDone(): boolean {
    return (this.flags & STATE) !== PENDING;
  }

  /** It ended by being cancelled. */
  get isCancelled(): boolean {
    return (this.flags & STATE) === CANCELLED;
  }

  /** @returns the result. @throws its error when it failed or was cancelled; InvalidStateError when it is not there yet. */
  get result(): T {
    const state = this.flags & STATE;
    if (state === PENDING)
      throw new InvalidStateError(`${this.describe()} has no result yet; wait for it first`);
    this.markHandled();
    if (state === DONE) return this.value as T;
    throw this.value;
  }

  /** The error it failed or was cancelled with; null when it is done. @throws InvalidStateError when it is not there yet. */
  get error(): unknown {
    const state = this.flags & STATE;
    if (state === PENDING)
      throw new InvalidStateError(`${this.describe()} has not ended yet; wait for it first`);
    this.markHandled();
    return state === DONE ? null : this.value;
  }

  /** Sets the result. @throws InvalidStateError when it is settled already (as asyncio's `set_result`). */
  resolve(value: T): void {
    if (!this.settle(DONE, value)) throw this.#settledTwice();
  }

  /** Sets the error. @throws InvalidStateError when it is settled already. */
  reject(error: unknown): void {
    if (!this.settle(FAILED, error)) throw this.#settledTwice();
  }

  /**
   * Gives up what it stands for and wakes whoever waits with CancelledError.
   * @returns false when it is settled already.
   */
  cancel(why?: unknown): boolean {
    if (this.flags & STATE) return false;
    const error = why instanceof CancelledError ? why : new CancelledError(why);
    this.onCancelled();
    this.flags |= CANCELLED_DIRECTLY;
    return this.settle(CANCELLED, error, error.by);
  }

  /**
   * Calls back when it is settled, in the order of asking, never at once. An error of the callback becomes a warning. After asyncio's `add_done_callback`.
   * @throws TypeError at once for what is no function.
   */
  onDone(callback: (future: this) => void): this {
    if (typeof callback !== 'function')
      throw new TypeError(`onDone() needs a function to call, not ${describeValue(callback)}`);
    // Being told of the end is not yet looking at it: a failure stays unseen until somebody asks for the result, as in asyncio.
    this.addListener(new Callback(this, callback as (future: Future) => void));
    return this;
  }

  /**
   * As of a promise; the callbacks run in a step of their own, and what they give or throw is the end of the future that is given back. Read by `await`, which reads it while the task that awaits still executes: that is how its waits are known.
   */
  get then(): <A = T, B = never>(
    onDone?: ((value: T) => A | PromiseLike<A>) | null,
    onFailed?: ((error: unknown) => B | PromiseLike<B>) | null,
  ) => Future<A | B> {
    const runner = scheduler.currentRunner();
    return runner === null || runner.enter === null
      ? (onDone, onFailed) => this.#then(null, onDone, onFailed)
      : (onDone, onFailed) => this.#then(runner, onDone, onFailed);
  }

  /** As of a promise: `then` for the error alone. */
  catch<B = never>(onFailed: (error: unknown) => B | PromiseLike<B>): Future<T | B> {
    return this.then(null, onFailed);
  }

  /** As of a promise: calls back however it ends, and ends the same way; an error of the callback takes its place. */
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

  /** `yield* future` in a coroutine: waits for it, and gives its result or throws its error. */
  [Symbol.iterator](): Iterator<Future<T>, T, unknown> {
    return this as unknown as Iterator<Future<T>, T, unknown>;
  }

  /** @internal `yield* future`: gives itself until it is settled. It remembers no one, so many can wait at once. */
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

  /** @internal For the instrument at an `await`: why one waits for this object and for what, packed; -1 when it is no future. Runs nothing of the user's. */
  static waitOf(this: void, object: object): number {
    return #last in object ? packWait(object.waitReason(), object.waitTarget()) : -1;
  }

  /**
   * Settles it and makes its waiters ready, in their order. false when it was settled before.
   * @param by traced: who settles it, below 0 the world outside; without it: who executes.
   * @internal
   */
  settle(state: number, value: unknown, by?: number): boolean {
    if (this.flags & STATE) return false;
    this.flags |= state;
    this.value = value;
    if (traced) this.settler = by ?? executing();
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
    return true;
  }

  /** @internal The waiter's step comes when it is settled; at the end of the ready queue when it is already. */
  addWaiter(waiter: Waiter): void {
    this.markHandled();
    this.addListener(waiter);
  }

  /** @internal The same for one who only listens: its failure stays unseen. */
  addListener(waiter: Waiter): void {
    if (this.flags & STATE) {
      scheduler.ready(waiter);
      return;
    }
    const last = this.#last;
    if (last === null) {
      waiter.after = waiter;
      waiter.before = waiter;
    } else {
      const first = last.after!;
      waiter.after = first;
      waiter.before = last;
      first.before = waiter;
      last.after = waiter;
    }
    this.#last = waiter;
  }

  /** @internal The waiter waits no longer, wherever it stands. */
  removeWaiter(waiter: Waiter): void {
    const { after, before } = waiter;
    if (after === null || before === null) return;
    if (after === waiter) this.#last = null;
    else {
      after.before = before;
      before.after = after;
      if (this.#last === waiter) this.#last = before;
    }
    waiter.after = null;
    waiter.before = null;
  }

  /** @internal Of this runner's waits for it those that are still to be woken are woken now, as if it had ended. */
  abandonWait(runner: Runner): void {
    const last = this.#last;
    if (last === null) return;
    const ring = [last];
    for (let at = last.after!; at !== last; at = at.after!) ring.push(at);
    for (const waiter of ring) {
      if ((waiter as unknown) !== runner && !(waiter instanceof Reaction && waiter.runner === runner))
        continue;
      this.removeWaiter(waiter);
      scheduler.ready(waiter);
    }
  }

  /** @internal Somebody has an eye on how it ends. */
  markHandled(): void {
    this.flags |= HANDLED;
  }

  /** @internal */
  get isAwaited(): boolean {
    return this.#last !== null;
  }

  /** @internal It is being cancelled: whoever would have settled it must let go of it. */
  protected onCancelled(): void {}

  /** @internal A waiter was cancelled after it was settled and before it could run: it takes CancelledError, not the value. */
  onUntaken(_error: CancelledError): void {}

  /** @internal Why one waits for it, as the table of reasons numbers it, and for which task or resource (0: not known). */
  waitReason(): number {
    return WAITS_FOR_FUTURE;
  }
  /** @internal */
  waitTarget(): number {
    return traced ? this.resourceId : 0;
  }
  /** @internal Through which resource its waiters are woken: `waitTarget`, unless that is a task. */
  waitResource(): number {
    return this.waitTarget();
  }

  /** @internal Through which resource its waiters were woken: through none where a cancellation ended the wait. */
  wakeResource(): number {
    return this.flags & CANCELLED_DIRECTLY ? 0 : this.waitResource();
  }

  /** @internal For error messages. */
  describe(): string {
    return 'the future';
  }

  #settledTwice(): InvalidStateError {
    return new InvalidStateError(`${this.describe()} is ${this.state} already; it can be settled only once`);
  }

  #then<A, B>(
    runner: Runner | null,
    onDone?: ((value: T) => A | PromiseLike<A>) | null,
    onFailed?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Future<A | B> {
    const reaction = new Reaction<A | B>(this, runner, onDone ?? null, onFailed ?? null);
    if (runner !== null) {
      const cancellation = runner.takeCancellation();
      runner.onWait(this);
      if ((runner as unknown) === this && isNative(onFailed)) {
        reaction.error = cancellation ?? waitsForItself(this);
        scheduler.ready(reaction);
        return reaction.result;
      }
      if (cancellation !== null) {
        // Cancelled while it ran: what it goes to wait for is given up at once.
        reaction.error = cancellation;
        this.cancel(cancellation);
      }
    }
    this.addWaiter(reaction);
    return reaction.result;
  }
}

function recordFuture(): number {
  const id = recorder.nextId();
  const by = bridge.currentId();
  recorder.write(KIND.resourceBegin, RESOURCE_KIND.future, by, id, takeSite(), 0, 0);
  return id;
}

if (traced) bridge.waitOf = Future.waitOf;

class Callback implements Waiter {
  after: Waiter | null = null;
  before: Waiter | null = null;
  readonly id = 0;
  readonly #future: Future;
  readonly #callback: (future: Future) => void;
  constructor(future: Future, callback: (future: Future) => void) {
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

/** What `then` gives. Whoever waits for it waits for what it was asked of. */
class ReactionResult<T> extends Future<T> {
  /** Traced; untraced nothing is held by it. */
  declare readonly of: Future;

  constructor(of: Future) {
    super();
    if (traced) this.of = of;
  }
  override waitReason(): number {
    return traced ? this.of.waitReason() : super.waitReason();
  }
  override waitTarget(): number {
    return traced ? this.of.waitTarget() : 0;
  }
  override waitResource(): number {
    return traced ? this.of.waitResource() : 0;
  }
}

/** One `then`, that of an `await` included: then `runner` is the task that awaits. */
class Reaction<R> implements Waiter {
  after: Waiter | null = null;
  before: Waiter | null = null;
  readonly id = 0;
  readonly result: Future<R>;
  /** Thrown in place of what the future gives. */
  error: Error | null = null;
  readonly #future: Future;
  readonly runner: Runner | null;
  readonly #onDone: ((value: never) => unknown) | null;
  readonly #onFailed: ((error: unknown) => unknown) | null;

  constructor(
    future: Future,
    runner: Runner | null,
    onDone: ((value: never) => unknown) | null,
    onFailed: ((error: unknown) => unknown) | null,
  ) {
    this.#future = future;
    this.result = new ReactionResult<R>(future);
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
    // What goes on behind the `await` knows whose it is by the context.
    if (scheduler.context !== null && !runner.showsWaits) return this.#react();
    // Else it is the one microtask that the reaction makes: between these two.
    builtIns.queueMicrotask(runner.enter!);
    this.#react();
    builtIns.queueMicrotask(runner.leave!);
  }

  #react(): void {
    const future = this.#future;
    const ok = (future.flags & STATE) === DONE && this.error === null;
    const callback = ok ? this.#onDone : this.#onFailed;
    const value = ok ? future.value : (this.error ?? future.value);
    const { error: instead } = this;
    const by = instead instanceof CancelledError ? instead.by : future.settler;
    if (traced) bridge.setCause(by ?? 0, instead === null ? future.wakeResource() : 0);
    try {
      if (callback === null || typeof callback !== 'function')
        this.result.settle(ok ? DONE : future.flags & STATE || FAILED, value, by);
      else settleFrom(this.result, callback(value as never), by);
    } catch (error) {
      this.result.settle(FAILED, error, by);
    }
    if (traced) bridge.setCause(0, 0);
  }
}

/** What one who waits for his own end is told; nothing else could wake him. After the RuntimeError of asyncio. */
export function waitsForItself(future: Future): Error {
  return new Error(`${future.describe()} cannot wait for itself`);
}

/** The engine's own, as `await` hands them over: a callback of the user's waits for nothing. */
function isNative(callback: unknown): boolean {
  return typeof callback === 'function' && /\{\s*\[native code\]\s*\}$/.test(String(callback));
}

/**
 * Settles a future as another ends, or with a plain value.
 * @param by traced: who settles it with a plain value; without it: who executes. What ends later is ended by whoever ends it.
 */
export function settleFrom<R>(future: Future<R>, value: unknown, by?: number): void {
  if (!isThenable(value)) {
    future.settle(DONE, value, by);
    return;
  }
  const its = value instanceof Future ? (value as Future) : null;
  try {
    value.then(
      (result: unknown) => future.settle(DONE, result, its?.settler),
      (error: unknown) =>
        future.settle(error instanceof CancelledError ? CANCELLED : FAILED, error, its?.settler),
    );
  } catch (error) {
    future.settle(FAILED, error, by);
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Something of the user's failed where nobody can catch it: said once, and the rest goes on. */
export function warnThrown(what: string, error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`${what}: ${detail}`, 'SimulWarning');
}
