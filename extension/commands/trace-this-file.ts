/** Runs the file under trace that is chosen in the explorer, whatever the editor shows. */
import type { CommandFactory } from './context.ts';
import { fileArgument } from './target-file.ts';
import { traceFile } from './trace-current-file.ts';

export const traceThisFile: CommandFactory = (context) => async (argument) => {
  const uri = fileArgument(argument);
  if (uri === undefined) return;
  const session = await traceFile(context, uri);
  void session?.ended.then(() => context.markDone('traced'));
};
