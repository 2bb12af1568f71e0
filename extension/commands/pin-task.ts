/** Pins a task of the view above all others, or takes it back. */
import type { CommandFactory } from './context.ts';

export const pinTask: CommandFactory = (context) => (argument) => {
  const task: unknown =
    typeof argument === 'object' && argument !== null ? (argument as { task?: unknown }).task : null;
  if (typeof task === 'string') context.pinned.toggle(task);
};
