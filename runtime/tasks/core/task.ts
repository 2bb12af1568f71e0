/**
 * A task: something that runs by itself, to its next wait. There are two kinds with one interface:
 *
 *   coroutine   a generator on the ready queue; it waits at `yield*`, and is cancelled only there
 *   async       the promise of an async function; its waits for futures of the library are seen,
 *               and it is cancelled at those
 *
 * A task calls its function in its first step; only then its kind is known. After asyncio.Task.
 */
import type { BridgeFrame } from '../../recorder/library-bridge.ts';
import { REASON } from '../../trace/format/kinds.ts';
import { abandonAfter } from './abandon.ts';
import { AsyncWaits } from './async-waits.ts';
import { toCancelledError } from './cancellation.ts';
import { type Context, context } from './context.ts';
import { quoteName } from './describe-value.ts';
import { CancelledError } from './errors.ts';
import { externalWaits } from './external-waits.ts';
import { CANCELLED, DONE, FAILED, HANDLED, STATE } from './future-state.ts';
import { Future } from './future.ts';
import { isGenerator, isGeneratorFunction } from './generators.ts';
import { callTail, enterOf, followPromise, leaveOf } from './async-body.ts';
import { keepLine, type KeptLine } from './kept-line.ts';
import { checkText } from './options.ts';
import { promiseFutureOf } from './promise-future.ts';
import { waitsForItself } from './reaction.ts';
import { type RunScope, scopes } from './run-scope.ts';
import { type AsyncWait, type Runner, scheduler, type Waiter } from './runner.ts';
import { type Blocker, cycleWatch, type WaitingTask } from './stuck.ts';
import { TaskDetails } from './task-details.ts';
import { writeBegin, writeBody, writeCancel, writeEnd, writeTurn, writeWait } from './task-trace.ts';
import { type AsyncTail, type CancelOptions, cannotBeYielded, type Coroutine, graceOf } from './task-body.ts';
import type { TaskBody, TaskOptions } from './task-body.ts';
import { CANCEL_REQUESTED, CANCELLING, FORWARDS, IS_ASYNC, MUST_CANCEL, SHOWS_WAITS } from './task-flags.ts';
import { isThenable } from './thenable.ts';
import { recorder, traced } from './trace.ts';
import { warnAbandoned, warnThrown } from './unhandled.ts';
import { unwatchCancelled, watchCancelled } from './uninterruptible.ts';

export type { CancelOptions, Coroutine, TaskBody, TaskOptions, Yielded } from './task-body.ts';

/**
 * A cancellation came back to the task that it started from: the tasks wait for each other in a
 * ring, and nothing else would wake them.
 */
let inWaitCycle = false;
let lastId = 0;

/**
 * Something that runs by itself, to its next wait, and ends with a result, an error or a
 * cancellation; it is the future of its result. Made by `spawn`. After asyncio.Task.
 * @example
 * const task = spawn(function* cook() { yield* sleep(5); return 'soup'; });
 * task.name; // → 'cook'
 * task.state; // → 'ready'
 * await task; // → 'soup'
 * task.state; // → 'done'
 */
export class Task<T = unknown> extends Future<T> implements Waiter, Runner {
  /** A number that no other task of this thread has; it is also its id in the trace. */
  readonly id: number;
  /** @internal */
  readonly scope: RunScope;
  /** @internal */
  after: Waiter | null = null;
  /** @internal */
  before: Waiter | null = null;
  /** @internal What it waits for; of several (`Promise.all`) the one whose wait began first. */
  waitingOn: Future | null = null;
  /** @internal Its neighbours among the tasks of its scope. */
  older: Task | null = null;
  /** @internal */ younger: Task | null = null;
  /** Its function, and from the first step on the name of that; or its details, which have it. */
  #about: (() => unknown) | string | TaskDetails;
  /** The context that its code runs in; null: it has none, or V8 carries it on. */
  #context: Context | null;
  /** @internal Traced: the id it has untraced, so that a task without a name is called the same. */
  declare readonly serial: number;
  /** @internal Traced: what stands for it on the bridge's stack. */
  declare readonly frame: BridgeFrame;

  /**
   * @param body a coroutine, or a function without arguments; it begins in a later step.
   * @param scope that of the run whose main it is; without it: that of the code which executes.
   * @param tailName of an `AsyncTail`
   */
  constructor(
    body: TaskBody<T> | Coroutine<T>,
    options?: TaskOptions,
    scope?: RunScope,
    tailName: string | null = null,
  ) {
    super();
    this.scope = scope ?? scopes.current();
    // Before anything begins: the name also goes into the trace, as text.
    checkText('the name of a task', options?.name);
    this.#about = typeof body === 'function' ? body : (tailName ?? '');
    // While it has not ended this is the generator of a coroutine that has begun; null: of none.
    this.value = typeof body === 'function' ? null : body;
    const serial = ++lastId;
    this.id = traced ? recorder.nextId() : serial;
    if (traced) this.serial = serial;
    scopes.addTask(this.scope, this as Task);
    const isCoroutine = tailName === null && (typeof body !== 'function' || isGeneratorFunction(body));
    // What a coroutine calls is its own at once; an async function is called as its task's.
    this.#context = isCoroutine ? context.captureAs(this as Runner) : context.captureForCall();
    if (options?.name !== undefined) this.ensureDetails().name = options.name;
    const origin = keepLine(Task);
    if (origin !== null) this.ensureDetails().origin = origin;
    if (traced) {
      const name = this.details?.name || this.sourceName();
      this.frame = writeBegin(this.id, isCoroutine, name, options);
    }
    scheduler.ready(this);
  }

  /** As given; else its function's name; else `task-7`. */
  get name(): string {
    return this.details?.name || this.sourceName() || `task-${traced ? this.serial : this.id}`;
  }
  set name(name: string) {
    checkText('the name of a task', name);
    this.ensureDetails().name = name;
  }

  /** The name of its function, or `''`. */
  private sourceName(): string {
    const { source } = this;
    return typeof source === 'string' ? source : source.name;
  }

  /** `ready`, `running`, `waiting`, and at its end `done`, `failed` or `cancelled`. */
  override get state(): string {
    if (this.flags & STATE) return super.state;
    if (scheduler.currentRunner() === this) return 'running';
    return this.waitingOn !== null || this.flags & IS_ASYNC ? 'waiting' : 'ready';
  }

  /** Aborted when the task is cancelled: for what takes an AbortSignal. */
  get signal(): AbortSignal {
    return this.ensureDetails().signalOf(this.isCancelled, this.value);
  }

  /** The stack of the line that made it, or undefined when that was not kept. */
  get made(): string | undefined {
    return this.origin?.stack;
  }

  /** @internal */
  get origin(): KeptLine | null {
    return this.details?.origin ?? null;
  }

  /**
   * Asks it to stop: CancelledError is thrown where it waits, or at its next wait. Its clean-up
   * runs; it may also go on. What it waits for is cancelled with it (as in asyncio; `shield`
   * prevents that). A task that has not begun never runs. Of tasks that wait for each other in a
   * ring, the last one gives up its wait.
   * @param options `grace`: how many ms it has for that, in real time; then it is abandoned.
   * @returns false when it has ended already.
   */
  override cancel(reason?: unknown, options?: CancelOptions): boolean {
    if (this.flags & STATE) return false;
    if (options !== undefined) abandonAfter(this as Future, graceOf(options));
    if (this.value === null) watchCancelled(this as WaitingTask);
    if (this.flags & CANCELLING) {
      inWaitCycle = true;
      return false;
    }
    const error = toCancelledError(reason);
    if (traced) writeCancel(this, error);
    this.flags |= CANCEL_REQUESTED;
    const details = this.ensureDetails();
    details.cancellation = error;
    details.abort?.abort(error);
    this.flags |= CANCELLING;
    const isTaken = details.waits?.first ? details.waits.cancel(error) : this.waitingOn?.cancel(error);
    this.flags &= ~CANCELLING;
    if (isTaken !== true || inWaitCycle) this.flags |= MUST_CANCEL;
    if (inWaitCycle) this.abandonWaitCycle();
    return true;
  }

  private abandonWaitCycle(): void {
    inWaitCycle = false;
    this.details?.waits?.abandon();
    // A coroutine stands in the ring of its future itself.
    if (this.after === null) return;
    this.waitingOn!.removeWaiter(this);
    scheduler.ready(this);
  }

  /** @internal */ waits(): readonly Future[] {
    const futures = this.details?.waits?.futures() ?? [];
    if (futures.length > 0) return futures as Future[];
    return this.waitingOn === null ? [] : [this.waitingOn];
  }

  /** @internal */ blockers(): readonly Blocker[] {
    return [{ task: this as WaitingTask, holds: null, line: null }];
  }

  /** @internal No code ever waited for it, read how it ended, or cancelled it. */
  get isNeverAwaited(): boolean {
    return !(this.flags & (HANDLED | CANCEL_REQUESTED)) && !this.isAwaited;
  }

  /** @internal */ get showsWaits(): boolean {
    return traced && (this.flags & SHOWS_WAITS) !== 0;
  }

  /** @internal */
  get enter(): (() => void) | null {
    return this.value === null || this.flags & STATE ? (this.ensureDetails().enter ??= enterOf(this)) : null;
  }

  /** @internal */ get leave(): (() => void) | null {
    return (this.ensureDetails().leave ??= leaveOf(this));
  }

  /** @internal */ asyncWaits(): AsyncWaits {
    return (this.ensureDetails().waits ??= new AsyncWaits(this));
  }

  /** @internal */ onResume(wait: AsyncWait): void {
    if (this.flags & STATE) return;
    if (this.showsWaits) this.details!.settledWait = wait.future as Future;
    this.details!.waits!.ended(wait);
  }

  /** @internal What its async function waits for is this now; null: nothing of the library. */
  waitsFor(wait: AsyncWait | null): void {
    const before = this.waitingOn;
    this.waitingOn = wait === null ? null : (wait.future as Future);
    if (wait !== null) cycleWatch.check?.(this as WaitingTask);
    if (!(this.flags & IS_ASYNC) || (before === null) === (wait === null)) return;
    if (wait === null) externalWaits.begin();
    else externalWaits.end();
  }

  /** @internal Traced: what it waited for last, where it shows its waits itself. */
  get lastWait(): Future | null {
    return this.details?.settledWait ?? null;
  }

  /** @internal */ hideWaits(more: number): void {
    this.ensureDetails().hiddenWaits += more;
  }

  /** @internal */ hiddenWaits(): number {
    return (this.details?.hiddenWaits ?? 0) + (this.details?.waits?.countOwn() ?? 0);
  }

  /** @internal */ takeCancellation(): CancelledError | null {
    if (!(this.flags & MUST_CANCEL)) return null;
    this.flags &= ~MUST_CANCEL;
    return this.details!.cancellation;
  }

  /** @internal Runs it to its next wait. */
  step(): void {
    if (this.flags & STATE) return; // It was abandoned.
    const { waitingOn } = this;
    if (traced) writeTurn(this, waitingOn, this.flags & MUST_CANCEL ? this.details!.cancellation : null);
    scheduler.current = this;
    if (waitingOn === null && !(this.flags & MUST_CANCEL)) this.drive(false, undefined);
    else this.resume(waitingOn);
    scheduler.current = null;
  }

  private resume(waitedFor: Future | null): void {
    this.waitingOn = null;
    const cancellation = this.takeCancellation();
    if (cancellation !== null) {
      waitedFor?.onUntaken(cancellation);
      this.drive(true, cancellation);
    } else this.drive((waitedFor!.flags & STATE) !== DONE, waitedFor!.value);
  }

  /** Runs its body with this value, or with this error, to the next wait that is not over yet. */
  private drive(failed: boolean, sent: unknown): void {
    if (this.#context === null) this.driveInContext(failed, sent);
    else this.#context.runInAsyncScope(this.driveInContext, this, failed, sent);
  }

  private driveInContext(failed: boolean, sent: unknown): void {
    let value = sent;
    let isError = failed;
    try {
      const body = (this.value as Generator | null) ?? this.begin(isError, value);
      if (body === null) return;
      for (;;) {
        const { done, value: yielded } = isError ? body.throw(value) : body.next(value);
        if (done === true) {
          if (yielded === body) this.callTail(yielded as unknown as AsyncTail);
          else this.end(DONE, yielded);
          return;
        }
        if (yielded === undefined) {
          if (traced) writeWait(this, null);
          scheduler.ready(this);
          return;
        }
        const future = yielded instanceof Future ? yielded : promiseFutureOf(yielded);
        if (future === null || future === this) {
          isError = true;
          value = future === null ? cannotBeYielded(this, yielded) : waitsForItself(this);
        } else if ((future.flags & STATE) === 0) {
          this.wait(future);
          return;
        } else {
          future.markHandled();
          isError = (future.flags & STATE) !== DONE;
          ({ value } = future);
        }
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private callTail(tail: AsyncTail): void {
    this.value = null;
    this.follow(context.runAs(this as Runner, this.#context, callTail, tail.fn), tail);
  }

  private wait(future: Future): void {
    this.waitingOn = future;
    if (traced) writeWait(this, future);
    future.addWaiter(this);
    cycleWatch.check?.(this as WaitingTask);
    // Cancelled while it ran: what it goes on to wait for is given up at once.
    if (this.flags & MUST_CANCEL) future.cancel(this.takeCancellation());
  }

  /** Calls its function. @returns null: it is no coroutine, and the task waits for what it gave */
  private begin(isError: boolean, sent: unknown): Generator<unknown, unknown, unknown> | null {
    if (this.flags & FORWARDS) {
      if (isError) this.fail(sent);
      else this.end(DONE, sent);
      return null;
    }
    if (isError) throw sent;
    const fn = this.source as () => unknown;
    if (typeof this.#about === 'object') this.#about.source = fn.name;
    else this.#about = fn.name;
    // Only an async function goes on where the scheduler does not know its task.
    const returned = isGeneratorFunction(fn) ? fn() : context.runAs(this as Runner, this.#context, fn);
    if (returned instanceof Future || isThenable(returned)) {
      this.follow(returned);
      return null;
    }
    if (!isGenerator(returned)) {
      this.end(DONE, returned);
      return null;
    }
    // Its steps are the task's own, as those of a generator function are.
    if (scheduler.hasContext) this.#context = context.captureAs(this as Runner);
    return (this.value = returned);
  }

  /** Its function is async: the task ends as this promise does. */
  private follow(promise: PromiseLike<unknown>, tail: AsyncTail | null = null): void {
    scheduler.current = null;
    this.#context = null;
    if (promise === this) {
      this.fail(waitsForItself(this));
      return;
    }
    if (traced && !writeBody(this, promise)) this.flags |= SHOWS_WAITS;
    if (promise instanceof Future) {
      this.flags |= FORWARDS;
      this.ensureDetails().forwards = promise;
      this.waitingOn = promise;
      promise.addWaiter(this);
      return;
    }
    this.flags |= IS_ASYNC;
    if (this.waitingOn === null) externalWaits.begin();
    followPromise(this, promise, tail);
  }

  /** @internal */ functionEnded(isDone: boolean, value: unknown): void {
    if (isDone) this.end(DONE, value);
    else this.fail(value);
  }

  /** @internal */ override abandon(graceMs: number): void {
    if (this.flags & STATE) return;
    warnAbandoned(this, graceMs);
    this.end(CANCELLED, this.details!.cancellation);
  }

  private fail(error: unknown): void {
    if (this.flags & STATE) {
      warnThrown(`${this.describe()} was abandoned, and then failed`, error);
      return;
    }
    const cancellation = this.details?.cancellationBehind(error) ?? error;
    this.end(cancellation instanceof CancelledError ? CANCELLED : FAILED, cancellation);
  }

  private end(state: number, value: unknown): void {
    if (this.flags & STATE) return;
    if (this.flags & IS_ASYNC && this.waitingOn === null) externalWaits.end();
    this.flags &= ~IS_ASYNC;
    if (this.flags & CANCEL_REQUESTED) unwatchCancelled(this as WaitingTask);
    this.waitingOn = null;
    scopes.removeTask(this.scope, this as Task);
    if (traced) writeEnd(this, state, value);
    this.settle(state, value);
  }

  /** @internal What its function only passed on goes back; what its code has got is its own. */
  override giveBack(error: CancelledError): void {
    const passedOn = this.details?.forwards;
    if (!passedOn || (this.flags & (STATE | HANDLED)) !== DONE) return;
    this.withdrawValue(error);
    passedOn.onUntaken(error);
  }

  /** @internal */ override waitReason(): number {
    return REASON.task;
  }
  /** @internal */ override waitTarget(): number {
    return traced ? this.id : 0;
  }
  /** @internal */ override waitResource(): number {
    return 0;
  }
  /** @internal */ override describe(): string {
    return `task ${quoteName(this.name)}`;
  }

  private get source(): (() => unknown) | string {
    return typeof this.#about === 'object' ? this.#about.source : this.#about;
  }
  private get details(): TaskDetails | null {
    return typeof this.#about === 'object' ? this.#about : null;
  }
  private ensureDetails(): TaskDetails {
    return this.details ?? (this.#about = new TaskDetails(this.source));
  }
}
