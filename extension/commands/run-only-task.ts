/** Lets this task of a debugged program run alone, with what it begins; again: all run. */
import type { CommandFactory } from './context.ts';
import { taskOf } from './target-file.ts';

export const runOnlyTask: CommandFactory = (context) => async (argument) => {
  const task = taskOf(argument);
  const { live } = context;
  if (task !== null && live.only !== task.task) await live.runOnly(task.task, task.frame);
  else await live.runOnly(null, null);
};
