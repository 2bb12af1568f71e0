/** Lets a frozen task go on. */
import type { CommandFactory } from './context.ts';
import { taskOf } from './target-file.ts';

export const thawTask: CommandFactory = (context) => async (argument) => {
  const task = taskOf(argument);
  if (task !== null) await context.live.thaw(task.task);
};
