/**
 * What the files of the core know of each other's objects, and the scheduler of this thread. The
 * contracts stand apart from the classes, so that futures, reactions, the context and tasks need
 * not import each other.
 */
import type { CancelledError } from './errors.ts';
import { Scheduler, type Step } from './scheduler.ts';
import { bridge } from './trace.ts';

/** What a wait is for: the trace shows it, and messages name it. */
export interface WaitSubject {
  /** The reason of a wait for it, as the table of reasons numbers it. */
  waitReason(): number;
  /** The id of the task or resource that is waited for; 0: not known. */
  waitTarget(): number;
  /** The id of the resource that wakes its waiters: `waitTarget`, or 0 where that is a task. */
  waitResource(): number;
  /** For messages: `task "cook"`, `get() of queue "orders"`. */
  describe(): string;
}

/** A future, as the files below it know it. */
export interface FutureLike extends WaitSubject {
  /** What it gives comes from a promise that may hide a wait for the world outside. */
  readonly isForeign: boolean;
  readonly flags: number;
  readonly value: unknown;
  /** Traced: the id of the task that settled it; below 0: the world outside. */
  readonly settler: number;
  /** The resource that its waiters were woken through; 0 where a cancellation ended the wait. */
  wakeResource(): number;
  settle(state: number, value: unknown, settler?: number): boolean;
  settleFrom(value: unknown, settler?: number): void;
  cancel(reason?: unknown): boolean;
  onUntaken(error: CancelledError): void;
  addWaiter(waiter: Waiter): void;
  removeWaiter(waiter: Waiter): void;
}

/** A step that waits for a future. */
export interface Waiter extends Step {
  /** @internal Its neighbours in the ring of the future's waiters; null when it waits for none. */
  after: Waiter | null;
  /** @internal */
  before: Waiter | null;
  /** The id of its task in the trace; 0 when it is no task. */
  readonly id: number;
}

/**
 * One read of `then` by an async function: the number of the scheduler's step where it was the
 * first after a pause; the combinator that read it; −1 for another `await`.
 */
export type ThenRead = number | object;

/** A wait of an async function for a future: the `then` that its `await` calls. */
export interface AsyncWait {
  readonly future: FutureLike;
  /** Its place among the task's waits. */
  index: number;
  /** The combinator that waits; null: an `await`. */
  combined: object | null;
  /** Nobody waits for it any more; its callbacks are still called. */
  becomeHandler(): void;
  /** It goes on as if its future had ended. */
  abandon(): void;
}

/** What an async function waits for, as the files below it know it. */
interface AsyncWaitList {
  /** The function reads the `then` of a future. @param getter what reads it. */
  read(getter: (...args: never[]) => unknown): ThenRead;
  /** The last such read was for a handler. */
  forgetRead(): void;
  /** V8 calls the `then` that was read. @returns false when that wait is over already. */
  add(wait: AsyncWait, read: ThenRead): boolean;
}

/** A task, as the files below it know it: what the thread executes. */
export interface Runner {
  readonly id: number;
  /** @internal */
  readonly flags: number;
  /** @internal The run that what it makes belongs to. */
  readonly scope: object;
  /** @internal What its async function waits for. */
  asyncWaits(): AsyncWaitList;
  /** @internal That wait is over. */
  onResume(wait: AsyncWait): void;
  /**
   * @internal So many more futures are waited for by async functions that it called and that it
   * does not await itself.
   */
  hideWaits(more: number): void;
  /**
   * @internal How many futures of the library are waited for in functions that it called, those
   * not counted that only wait for promises.
   */
  hiddenWaits(): number;
  /** @internal Called before each step of an async function's body; null in a coroutine. */
  readonly enter: (() => void) | null;
  /** @internal Called after each such step. */
  readonly leave: (() => void) | null;
  /**
   * @internal Traced: no instrument records the waits of its async function; the task records them
   * itself, in `enter` and `leave`.
   */
  readonly showsWaits: boolean;
  /** @internal The cancellation to throw at its next wait; it is then no longer due. */
  takeCancellation(): CancelledError | null;
}

/** The one scheduler of this thread. */
export const scheduler: Scheduler<Runner> = new Scheduler<Runner>();

/**
 * Traced: the id of what executes. An instrumented function or another coroutine may stand on top
 * of the task.
 */
export function executing(): number {
  return bridge.topId() || (scheduler.current?.id ?? bridge.currentId());
}
