/**
 * Goes over the next await of the task that stands at the pause, whatever others do meanwhile.
 * Asked for again before the task has stopped there, it goes on from that stop.
 */
import * as vscode from 'vscode';
import type { CommandContext, CommandFactory } from './context.ts';

export const stepTask: CommandFactory = (context) => {
  let last: Promise<void> = Promise.resolve();
  return () => (last = last.then(() => step(context)));
};

async function step(context: CommandContext): Promise<void> {
  const pause = await context.live.pauseOfStep();
  if (pause === null) return;
  if (pause.task === 0) {
    context.showError(vscode.l10n.t('No task that was recorded has the thread here.'));
    return;
  }
  try {
    await context.live.stepTask(pause);
  } catch (error) {
    context.showError(error instanceof Error ? error.message : String(error));
  }
}
