/**
 * Whose an async function is behind an `await` of something that is not ours: Node carries it along (AsyncLocalStorage). Without it such a function
 * could neither be cancelled at its later waits nor ask for its task. Coroutines need none of this and never pay for it: it is switched
 * on when the first async function begins.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { scheduler, STATE, type Future, type Runner } from './future.ts';

const storage = new AsyncLocalStorage<(Runner & Future) | null>();

function current(): Runner | null {
  const task = storage.getStore() ?? null;
  // What goes on after its task has ended is nobody's.
  return task === null || task.flags & STATE ? null : task;
}

/** Steps run as nobody's, whoever woke them. */
function asNobody(turn: () => void): void {
  storage.run(null, turn);
}

export const context = {
  /** Asked for by the run (`run`'s option `context`). */
  isWanted: true,

  /** Calls the function as the task's: so is all that it begins. */
  within<R>(task: Runner & Future, fn: () => R): R {
    if (!context.isWanted) return fn();
    scheduler.context = current;
    scheduler.drainScheduled = asNobody;
    return storage.run(task, fn);
  },

  /** No task is left: Node need not carry anything any more. */
  off(): void {
    scheduler.context = null;
    scheduler.drainScheduled = null;
    storage.disable();
  },
};
