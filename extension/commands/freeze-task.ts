/** Freezes a task of a debugged program at its next await, until it is thawed. */
import type { CommandFactory } from './context.ts';
import { taskOf } from './target-file.ts';

export const freezeTask: CommandFactory = (context) => async (argument) => {
  const task = taskOf(argument);
  if (task !== null) await context.live.freeze(task.task, task.frame);
};
