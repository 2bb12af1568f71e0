/**
 * Stops a program that runs under trace: the one that records into the folder of the argument, as
 * the panel passes it, else the only one, or the one that the user chooses.
 */
import type { CommandFactory } from './context.ts';
import { folderOf } from './target-file.ts';

export const stop: CommandFactory = (context) => (argument) =>
  context.stopProgram(typeof argument === 'string' ? argument : folderOf(argument));
