/** Stops the program that runs under trace. */
import type { CommandFactory } from './context.ts';

export const stop: CommandFactory = (context) => () => context.stopProgram();
