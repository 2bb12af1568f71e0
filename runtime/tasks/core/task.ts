/**
 * A task: something that runs by itself, to its next wait, and ends with a result, an error or a cancellation. Two kinds, one interface:
 *
 *   coroutine   a generator on the ready queue; `yield*` is where it waits, and the only place where it can be cancelled
 *   async       the promise of an async function; it is seen at its waits on futures of ours and cancelled there
 *
 * The first thing it does is to call its function; which kind it is shows then. After asyncio.Task.
 */
import { KIND, ACTIVATION_KIND, REASON } from '../../trace/format/kinds.ts';
import { type Frame, waitTargetOf } from '../../recorder/library-bridge.ts';
import { CancelledError } from './errors.ts';
import {
  CANCELLED,
  DONE,
  executing,
  FAILED,
  Future,
  isThenable,
  scheduler,
  HANDLED,
  waitsForItself,
  STATE,
  type Runner,
  type Waiter,
} from './future.ts';
import { context } from './context.ts';
import { promiseFutureOf, PromiseFuture } from './promise-future.ts';
import { checkText } from './options.ts';
import { externalWaits } from './external-waits.ts';
import { bridge, recorder, traced } from './trace.ts';
import { writeBegin, writeBody, writeEnd, writePause, writeRun, writeWait } from './task-trace.ts';
import { retractUnhandled, reportUnhandled } from './unhandled.ts';

/** What a coroutine may `yield`: a future to wait for, a promise (foreign: awaited, never cancelled), or nothing, to let others go first. */
export type Yielded = Future | PromiseLike<unknown> | undefined | void;
/** What a `function*` gives that is to be a task. */
export type Coroutine<T> = Generator<Yielded, T, unknown>;
/** What a task can be made of. */
export type TaskBody<T> = (() => Coroutine<T>) | (() => PromiseLike<T>) | (() => T);

/** What may be said of a task when it is made. */
export interface TaskOptions {
  /** How the trace and messages call it. Without it: the function's name. */
  readonly name?: string;
}

/** Flags of a task, above those of a future. */
const MUST_CANCEL = 8;
/** Its function gave a future of ours, and its end is its own. */
const FORWARDS = 16;
/** Its function gave a promise: it runs where nobody but its waits shows. */
const IS_ASYNC = 32;
/** Somebody asked it to stop. */
const CANCEL_REQUESTED = 64;
/** Traced: its async function is not instrumented (one of ours, or of somebody else's): what that waits for shows as its own. */
const SHOWS_WAITS = 128;
/** What it waits for is just being cancelled with it. */
const CANCELLING = 256;

/** So many living tasks remember the line that made them; of those beyond, reports say that it was not kept. */
const MAX_ORIGINS_KEPT = 1000;
const WAITS_FOR_TASK = REASON.task;

/** What few tasks have. */
class TaskDetails {
  name = '';
  /** Holds the stack of the line that made it. */
  made: { stack?: string } | null = null;
  /** What it was asked to stop with last. */
  cancellation: CancelledError | null = null;
  abort: AbortController | null = null;
  /** Around each step of an async function's body. */
  enter: (() => void) | null = null;
  leave: (() => void) | null = null;
  /** What an async function waits for besides `waitingOn`, the oldest first. */
  otherWaits: Future[] | null = null;
  /** Traced, where it shows its waits itself: what has come. */
  settledWait: Future | null = null;
}

/** A cancellation came back to a task from which it had come: who waits in this ring is woken by nobody else. */
let inWaitCycle = false;

const livingSet = new Set<Task>();
let lastId = 0;

/** The tasks that have not ended, in the order of their making. */
export const livingTasks: ReadonlySet<Task> = livingSet;

/**
 * Something that runs by itself, to its next wait, and ends with a result, an error or a cancellation; it is the future of its result. Made by `spawn`. After asyncio.Task.
 * @example
 * const task = spawn(function* cook() { yield* sleep(5); return 'soup'; });
 * task.name; // → 'cook'
 * task.state; // → 'ready'
 * await task; // → 'soup'
 * task.state; // → 'done'
 */
export class Task<T = unknown> extends Future<T> implements Waiter, Runner {
  /** A number that no other task of this thread has; in the trace it is known by it. */
  readonly id: number;
  /** @internal */
  after: Waiter | null = null;
  /** @internal */
  before: Waiter | null = null;
  /** @internal */
  waitingOn: Future | null = null;
  /** What it is made of; from its first step on only the name of that, so that waiting holds nothing else. */
  #made: (() => unknown) | string;
  /** The generator of a coroutine that has begun. */
  #body: Generator<unknown, unknown, unknown> | null = null;
  #details: TaskDetails | null = null;
  /** @internal Traced: what its id is untraced, so that a task without a name is called the same. */
  declare readonly number: number;
  /** @internal Traced: what stands for it on the lane. */
  declare readonly frame: Frame;

  /** @param body a coroutine, or a function, which is called without arguments in a step of its own: never at once. */
  constructor(body: TaskBody<T> | Coroutine<T>, options?: TaskOptions) {
    super();
    // Before anything begins; as text it also goes into the trace.
    checkText('the name of a task', options?.name);
    if (typeof body === 'function') this.#made = body;
    else {
      this.#made = '';
      this.#body = body;
    }
    const number = ++lastId;
    this.id = traced ? recorder.nextId() : number;
    if (traced) this.number = number;
    livingSet.add(this as Task);
    if (options?.name !== undefined) this.#ensureDetails().name = options.name;
    if (livingSet.size <= MAX_ORIGINS_KEPT) Error.captureStackTrace((this.#ensureDetails().made = {}), Task);
    if (traced) {
      this.frame = bridge.frame(this.id);
      const kind =
        this.#body !== null || isGeneratorFunction(this.#made)
          ? ACTIVATION_KIND.coroutine
          : ACTIVATION_KIND['async-task'];
      writeBegin(this, kind, this.#details?.name || this.#madeOf());
    }
    scheduler.ready(this);
  }

  /** As given; else its function's name; else `task-7`. */
  get name(): string {
    return this.#details?.name || this.#madeOf() || `task-${traced ? this.number : this.id}`;
  }
  set name(name: string) {
    checkText('the name of a task', name);
    this.#ensureDetails().name = name;
  }

  /** The name of its function, or `''`. */
  #madeOf(): string {
    return typeof this.#made === 'string' ? this.#made : this.#made.name;
  }

  /** `ready`, `running`, `waiting`, and at its end `done`, `failed` or `cancelled`. */
  override get state(): string {
    if (this.flags & STATE) return super.state;
    if (scheduler.currentRunner() === this) return 'running';
    return this.waitingOn !== null || this.flags & IS_ASYNC ? 'waiting' : 'ready';
  }

  /** Aborted when the task is cancelled: for what takes an AbortSignal. */
  get signal(): AbortSignal {
    const rest = this.#ensureDetails();
    if (rest.abort === null) {
      rest.abort = new AbortController();
      if (this.isCancelled) rest.abort.abort(this.value);
      else if (rest.cancellation !== null) rest.abort.abort(rest.cancellation);
    }
    return rest.abort.signal;
  }

  /** The stack of the line that made it, or undefined when that was not kept. */
  get made(): string | undefined {
    return this.#details?.made?.stack;
  }

  /**
   * Asks it to stop: CancelledError is thrown where it waits, or at its next wait. Its clean-up runs; it may also go on. What it waits for is
   * cancelled with it (as in asyncio: put `shield` around what is not to be). One that never began never runs. Of tasks that wait for each other in
   * a ring, the last one gives up its wait.
   * @returns false when it has ended already.
   */
  override cancel(why?: unknown): boolean {
    if (this.flags & STATE) return false;
    if (this.flags & CANCELLING) {
      inWaitCycle = true;
      return false;
    }
    const error = why instanceof CancelledError ? why : new CancelledError(why);
    if (traced) {
      // What it waits for is cut short by the same.
      error.by ??= executing();
      recorder.write(KIND.cancel, 0, this.id, Math.max(0, error.by), 0, recorder.text(error.message), 0);
    }
    this.flags |= CANCEL_REQUESTED;
    const rest = this.#ensureDetails();
    rest.cancellation = error;
    rest.abort?.abort(error);
    this.flags |= CANCELLING;
    let isTaken = this.waitingOn !== null && this.waitingOn.cancel(error);
    for (const other of rest.otherWaits ?? []) if (other.cancel(error)) isTaken = true;
    this.flags &= ~CANCELLING;
    if (!isTaken || inWaitCycle) this.flags |= MUST_CANCEL;
    if (inWaitCycle) this.#abandonWaitCycle();
    return true;
  }

  #abandonWaitCycle(): void {
    inWaitCycle = false;
    for (const future of [this.waitingOn, ...(this.#details?.otherWaits ?? [])]) future?.abandonWait(this);
  }

  // What follows is for the library's own parts.

  /** @internal Nobody ever waited for it or looked at it, nor asked it to stop. */
  get isNeverAwaited(): boolean {
    return !(this.flags & (HANDLED | CANCEL_REQUESTED)) && !this.isAwaited;
  }

  /** @internal */
  get showsWaits(): boolean {
    return traced && (this.flags & SHOWS_WAITS) !== 0;
  }

  /** @internal It waits for something that is not of this library. */
  get waitsExternally(): boolean {
    return this.waitingOn === null ? (this.flags & IS_ASYNC) !== 0 : this.waitingOn instanceof PromiseFuture;
  }

  /** @internal */
  get enter(): (() => void) | null {
    if (this.#body !== null) return null;
    const rest = this.#ensureDetails();
    return (rest.enter ??= () => {
      if (this.flags & STATE) return;
      scheduler.current = this;
      if (this.showsWaits)
        writeRun(this, rest.settledWait?.settler ?? 0, rest.settledWait?.wakeResource() ?? 0);
    });
  }

  /** @internal */
  get leave(): (() => void) | null {
    const rest = this.#ensureDetails();
    return (rest.leave ??= () => {
      if (scheduler.current !== this) return;
      scheduler.current = null;
      if (this.showsWaits) writePause(this, this.waitingOn);
    });
  }

  /** @internal */
  onWait(future: Future): void {
    const { waitingOn } = this;
    if (waitingOn !== null) (this.#ensureDetails().otherWaits ??= []).push(waitingOn);
    this.waitingOn = future;
    if (waitingOn === null && this.flags & IS_ASYNC) externalWaits.ends();
  }

  /** @internal */
  onResume(future: Future): void {
    if (this.flags & STATE) return;
    if (this.showsWaits) this.#ensureDetails().settledWait = future;
    const others = this.#details?.otherWaits ?? null;
    if (this.waitingOn === future) this.waitingOn = others?.pop() ?? null;
    else if (others !== null) {
      const at = others.lastIndexOf(future);
      if (at >= 0) others.splice(at, 1);
    }
    if (this.waitingOn === null && this.flags & IS_ASYNC) externalWaits.begins();
  }

  /** @internal */
  takeCancellation(): CancelledError | null {
    if (!(this.flags & MUST_CANCEL)) return null;
    this.flags &= ~MUST_CANCEL;
    return this.#details!.cancellation;
  }

  /** @internal One turn, to its next wait. */
  step(): void {
    const { waitingOn } = this;
    if (traced) {
      if (this.flags & MUST_CANCEL) writeRun(this, this.#details!.cancellation!.by ?? 0, 0);
      else writeRun(this, waitingOn?.settler ?? 0, waitingOn?.wakeResource() ?? 0);
    }
    scheduler.current = this;
    if (waitingOn === null && !(this.flags & MUST_CANCEL)) this.#drive(false, undefined);
    else this.#resume(waitingOn);
    scheduler.current = null;
  }

  /** What it waited for has come, or it is cancelled. */
  #resume(waitedFor: Future | null): void {
    this.waitingOn = null;
    const cancellation = this.takeCancellation();
    if (cancellation !== null) {
      waitedFor?.onUntaken(cancellation);
      this.#drive(true, cancellation);
    } else this.#drive((waitedFor!.flags & STATE) !== DONE, waitedFor!.value);
  }

  #drive(failed: boolean, given: unknown): void {
    let value = given;
    let isError = failed;
    try {
      const body = this.#body ?? this.#begin(isError, value);
      if (body === null) return;
      for (;;) {
        const { done, value: yielded } = isError ? body.throw(value) : body.next(value);
        if (done === true) {
          this.#end(DONE, yielded);
          return;
        }
        if (yielded === undefined) {
          if (traced) writeWait(this, null);
          scheduler.ready(this);
          return;
        }
        const future = yielded instanceof Future ? yielded : promiseFutureOf(yielded);
        if (future === this) {
          isError = true;
          value = waitsForItself(this);
        } else if (future === null) {
          isError = true;
          value = new TypeError(
            `${this.describe()} yielded ${describeYielded(yielded)}; a coroutine yields a future, a promise or nothing. To call another coroutine, write yield*`,
          );
        } else if ((future.flags & STATE) === 0) {
          this.#wait(future);
          return;
        } else {
          future.markHandled();
          isError = (future.flags & STATE) !== DONE;
          ({ value } = future);
        }
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #wait(future: Future): void {
    this.waitingOn = future;
    if (traced) writeWait(this, future);
    future.addWaiter(this);
    // Cancelled while it ran: what it goes to wait for is given up at once.
    if (this.flags & MUST_CANCEL) future.cancel(this.takeCancellation());
  }

  /** Calls its function. Null: it is no coroutine, and what it gave is waited for, or was its end. */
  #begin(isError: boolean, given: unknown): Generator<unknown, unknown, unknown> | null {
    if (this.flags & FORWARDS) {
      if (isError) this.#fail(given);
      else this.#end(DONE, given);
      return null;
    }
    if (isError) throw given;
    const fn = this.#made as () => unknown;
    this.#made = fn.name;
    // Only an async function goes on where its task does not show.
    const made = isGeneratorFunction(fn) ? fn() : context.within(this as Task, fn);
    if (made instanceof Future || isThenable(made)) {
      this.#follow(made);
      return null;
    }
    if (isGenerator(made)) return (this.#body = made);
    this.#end(DONE, made);
    return null;
  }

  /** It is an async function's: its end is the promise's. */
  #follow(promise: PromiseLike<unknown>): void {
    scheduler.current = null;
    if (promise === this) {
      this.#fail(waitsForItself(this));
      return;
    }
    if (traced && !writeBody(this, promise)) this.flags |= SHOWS_WAITS;
    if (promise instanceof Future) {
      this.flags |= FORWARDS;
      this.waitingOn = promise;
      promise.addWaiter(this);
      return;
    }
    this.flags |= IS_ASYNC;
    if (this.waitingOn === null) externalWaits.begins();
    const body = traced ? waitTargetOf(bridge.targetOf(promise)) : 0;
    const resumed = (): void => {
      scheduler.current = this;
      if (traced) writeRun(this, body !== 0 ? body : (this.#details?.settledWait?.settler ?? 0), 0);
    };
    promise.then(
      (value) => {
        resumed();
        this.#end(DONE, value);
        scheduler.current = null;
      },
      (error: unknown) => {
        resumed();
        this.#fail(error);
        scheduler.current = null;
      },
    );
  }

  #fail(error: unknown): void {
    this.#end(error instanceof CancelledError ? CANCELLED : FAILED, error);
  }

  #end(state: number, value: unknown): void {
    if (this.flags & IS_ASYNC && this.waitingOn === null) externalWaits.ends();
    this.flags &= ~IS_ASYNC;
    this.#body = null;
    this.waitingOn = null;
    livingSet.delete(this as Task);
    if (traced) writeEnd(this, state, value);
    this.settle(state, value);
    if (state === FAILED && !(this.flags & HANDLED)) reportUnhandled(this, value);
  }

  /** @internal */
  override markHandled(): void {
    if (this.flags & HANDLED) return;
    this.flags |= HANDLED;
    if ((this.flags & STATE) === FAILED) retractUnhandled(this);
  }

  /** @internal */
  override waitReason(): number {
    return WAITS_FOR_TASK;
  }
  /** @internal */
  override waitTarget(): number {
    return traced ? this.id : 0;
  }
  /** @internal */
  override waitResource(): number {
    return 0;
  }
  /** @internal */
  override describe(): string {
    return `task "${this.name}"`;
  }

  #ensureDetails(): TaskDetails {
    return (this.#details ??= new TaskDetails());
  }
}

const GeneratorFunction: unknown = Object.getPrototypeOf(function* () {}).constructor;

export function isGeneratorFunction(fn: unknown): boolean {
  return typeof fn === 'function' && fn.constructor === GeneratorFunction;
}

const AsyncGeneratorFunction: unknown = Object.getPrototypeOf(async function* () {}).constructor;

export function isAsyncGeneratorFunction(fn: unknown): fn is () => AsyncGenerator {
  return typeof fn === 'function' && fn.constructor === AsyncGeneratorFunction;
}

export function isGenerator(value: unknown): value is Generator<unknown, unknown, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const { next, throw: thrown } = value as Partial<Generator>;
  return typeof next === 'function' && typeof thrown === 'function' && Symbol.iterator in value;
}

function describeYielded(value: unknown): string {
  if (typeof value === 'function') return `the function ${value.name || '(anonymous)'}`;
  if (isGenerator(value)) return 'a coroutine';
  if (typeof value === 'object' && value !== null)
    return `an object (${value.constructor?.name ?? 'no class'})`;
  return JSON.stringify(value) ?? typeof value;
}
