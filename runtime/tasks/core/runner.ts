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
  readonly flags: number;
  readonly value: unknown;
  /** Traced: the id of the task that settled it; below 0: the world outside. */
  readonly settler: number;
  /** The resource that its waiters were woken through; 0 where a cancellation ended the wait. */
  wakeResource(): number;
  settle(state: number, value: unknown, settler?: number): boolean;
  settleFrom(value: unknown, settler?: number): void;
  onUntaken(error: CancelledError): void;
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

/** A task, as the files below it know it: what the thread executes. */
export interface Runner {
  readonly id: number;
  /** @internal */
  readonly flags: number;
  /** @internal A wait of its async function for this future begins. */
  onWait(future: FutureLike): void;
  /** @internal That wait is over. */
  onResume(future: FutureLike): void;
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
