/**
 * Which task an async function belongs to behind an `await` of something outside the library: Node
 * carries it along (AsyncLocalStorage). Without this such a function could neither be cancelled at
 * its later waits nor ask for its task. Coroutines need none of it and never pay for it: it is
 * switched on when the first async function begins.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { STATE } from './future-state.ts';
import { type Runner, scheduler } from './runner.ts';

const storage = new AsyncLocalStorage<Runner | null>();
let isEnabled = true;

function current(): Runner | null {
  const task = storage.getStore() ?? null;
  // Code that goes on after its task has ended belongs to no task.
  return task === null || task.flags & STATE ? null : task;
}

/** Steps belong to no task at first, whichever task woke them. */
function runDetached(turn: () => void): void {
  storage.run(null, turn);
}

const schedulerContext = { current, runDetached };

export const context = {
  /** Sets whether functions are followed; a run's option `context`. */
  setEnabled(enabled: boolean): void {
    isEnabled = enabled;
  },

  /** Calls the function as the task's. Whatever it begins is the task's, too. */
  runAs<R>(task: Runner, fn: () => R): R {
    if (!isEnabled) return fn();
    scheduler.setContext(schedulerContext);
    return storage.run(task, fn);
  },

  /** No task is left: Node need not carry anything any more. */
  stop(): void {
    scheduler.setContext(null);
    storage.disable();
  },
};
