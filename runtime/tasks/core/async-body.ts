/**
 * The body of a task that is an async function: V8 runs it, from wait to wait, and settles its
 * promise at the end. The task is what the thread executes meanwhile.
 */
import { type BridgeFrame, waitTargetOf } from '../../recorder/library-bridge.ts';
import { STATE } from './future-state.ts';
import type { Future } from './future.ts';
import { type Runner, scheduler } from './runner.ts';
import type { AsyncTail } from './task-body.ts';
import { writePause, writeRun } from './task-trace.ts';
import { bridge, traced } from './trace.ts';

interface AsyncTask extends Runner {
  readonly frame: BridgeFrame;
  readonly waitingOn: Future | null;
  /** Where it shows its waits itself: what it waited for last. */
  readonly lastWait: Future | null;
  /** Its function has returned, or thrown. */
  functionEnded(isDone: boolean, value: unknown): void;
}

/** Calls the function. @returns always a promise */
export function callTail(fn: () => unknown): PromiseLike<unknown> {
  try {
    const returned = fn();
    return returned instanceof Promise ? returned : Promise.resolve(returned);
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

/** What is called before each step of the function. */
export const enterOf = (task: AsyncTask) => (): void => {
  if (task.flags & STATE) return;
  scheduler.current = task;
  if (task.showsWaits) writeRun(task, task.lastWait?.settler ?? 0, task.lastWait?.wakeResource() ?? 0);
};

/** What is called after each. */
export const leaveOf = (task: AsyncTask) => (): void => {
  if (scheduler.current !== task) return;
  scheduler.current = null;
  if (task.showsWaits) writePause(task, task.waitingOn);
};

/** Ends the task as the function's promise ends. */
export function followPromise(task: AsyncTask, promise: PromiseLike<unknown>, tail: AsyncTail | null): void {
  const body = traced ? waitTargetOf(bridge.targetOf(promise)) : 0;
  promise.then(
    (value) => endAs(task, body, tail, true, value),
    (error: unknown) => endAs(task, body, tail, false, error),
  );
}

function endAs(task: AsyncTask, body: number, tail: AsyncTail | null, isDone: boolean, value: unknown): void {
  // A function that returns a future ends in the very step in which that settles.
  const isRunning = scheduler.current === task;
  scheduler.current = task;
  if (traced && !isRunning) writeRun(task, body !== 0 ? body : (task.lastWait?.settler ?? 0), 0);
  tail?.ended();
  task.functionEnded(isDone, value);
  scheduler.current = null;
}
