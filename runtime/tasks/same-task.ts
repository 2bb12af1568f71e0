/**
 * An async function's task is known up to its first wait that is none of ours. What calls the user's code between such waits (an iterator's next step)
 * says with this that it still is the same task, so that the waits inside are seen and can be cancelled.
 */
import { type Runner, scheduler } from './future.ts';

/** @returns what runs a step as the task that executes now. */
export function sameTask(): <R>(step: () => R) => R {
  const runner = scheduler.known();
  if (runner === null || runner.enter === null) return (step) => step();
  return (step) => as(runner, step);
}

function as<R>(runner: Runner, step: () => R): R {
  const { current } = scheduler;
  if (current === runner) return step();
  runner.enter!();
  try {
    return step();
  } finally {
    runner.leave!();
    scheduler.current = current;
  }
}
