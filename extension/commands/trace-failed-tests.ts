/** Runs those tests under trace again that failed in the newest traced run of tests. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { failedAgain, startTests } from '../session/start-tests.ts';
import { shownText } from '../panel/shown-text.ts';
import type { CommandFactory } from './context.ts';
import { saveIfDirty } from './trace-current-file.ts';

export const traceFailedTests: CommandFactory = (context) => async () => {
  if (!vscode.workspace.isTrusted) return context.refuseUntrusted();
  const failed = await failedAgain(context.extension);
  if (typeof failed === 'string') {
    void vscode.window.showInformationMessage(shownText(failed));
    return;
  }
  if (!(await saveIfDirty(failed.uri))) {
    return context.showError(
      vscode.l10n.t('{0} could not be saved, so it was not run.', basename(failed.uri.fsPath)),
    );
  }
  const session = await startTests(context, failed);
  void session?.ended.then(() => context.markDone('traced'));
};
