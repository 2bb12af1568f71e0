/** Goes over the next await of the task that stands at the pause, whatever others do meanwhile. */
import * as vscode from 'vscode';
import type { CommandFactory } from './context.ts';

export const stepTask: CommandFactory = (context) => async () => {
  const { pause } = context.live;
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
};
