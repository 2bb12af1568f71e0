/**
 * The body of a task that is an async function: V8 runs it, from wait to wait, and settles its
 * promise at the end. The task is what the thread executes meanwhile.
 */
import { type BridgeFrame, waitTargetOf } from '../../recorder/library-bridge.ts';
import { STATE } from './future-state.ts';
import type { Future } from './future.ts';
import { type Runner, scheduler } from './runner.ts';
import { writePause, writeRun } from './task-trace.ts';
import { bridge, traced } from './trace.ts';

interface AsyncTask extends Runner {
  readonly frame: BridgeFrame;
  readonly waitingOn: Future | null;
  /** Where it shows its waits itself: what it waited for last. */
  readonly lastWait: Future | null;
}

/**
 * What a coroutine of the library returns so that its task goes on as an async function: the task
 * is what that is, and ends as it does. So nothing of the function is there before.
 */
export class AsyncTail {
  readonly fn: () => PromiseLike<unknown>;
  readonly after: () => void;

  /**
   * @param fn an async function, or whatever else
   * @param after called when its promise is settled, before the task ends
   */
  constructor(fn: () => unknown, after: () => void) {
    this.fn = () => {
      try {
        const returned = fn();
        return returned instanceof Promise ? returned : Promise.resolve(returned);
      } catch (error) {
        return Promise.reject(error as Error);
      }
    };
    this.after = after;
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

/** Calls back when the function's promise is settled, as the task. */
export function followPromise(
  task: AsyncTask,
  promise: PromiseLike<unknown>,
  done: (value: unknown) => void,
  failed: (error: unknown) => void,
  after?: () => void,
): void {
  const body = traced ? waitTargetOf(bridge.targetOf(promise)) : 0;
  const asTask = (end: (value: unknown) => void) => (value: unknown) => {
    // A function that returns a future ends in the very step in which that settles.
    const isRunning = scheduler.current === task;
    scheduler.current = task;
    if (traced && !isRunning) writeRun(task, body !== 0 ? body : (task.lastWait?.settler ?? 0), 0);
    after?.();
    end(value);
    scheduler.current = null;
  };
  promise.then(asTask(done), asTask(failed));
}
