/**
 * Runs a test under trace, or all tests of a file: those that a lens names, else the test at the
 * cursor. The runner is found by what the file imports and what is installed beside it.
 */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { readTestRequest } from '../../runtime/trace/messages/server.ts';
import { testAtLine } from '../../runtime/launch/python-tests.ts';
import { isPythonFile } from '../../runtime/launch/runnable-files.ts';
import { testAt } from '../../runtime/launch/test-titles.ts';
import { startTests } from '../session/start-tests.ts';
import type { CommandFactory } from './context.ts';
import { currentEditor } from './target-file.ts';
import { saveIfDirty } from './trace-current-file.ts';

export const traceTest: CommandFactory = (context) => async (argument) => {
  if (!vscode.workspace.isTrusted) return context.refuseUntrusted();
  const request = readTestRequest(argument);
  const uri = request === null ? currentEditor()?.document.uri : vscode.Uri.parse(request.uri, true);
  if (uri?.scheme !== 'file') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Open a file with tests first: Simul traces the test at the cursor.'),
    );
    return;
  }
  if (!(await saveIfDirty(uri))) {
    return context.showError(
      vscode.l10n.t('{0} could not be saved, so it was not run.', basename(uri.fsPath)),
    );
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const titles = request?.titles ?? titlesAtCursor(uri, document.getText());
  const session = await startTests(context, { uri, tests: titles.length === 0 ? [] : [titles] });
  void session?.ended.then(() => context.markDone('traced'));
};

/** Of the test at the cursor; empty: there is none, and the whole file is meant. */
function titlesAtCursor(uri: vscode.Uri, text: string): readonly string[] {
  const editor = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  if (editor === undefined) return [];
  const { line } = editor.selection.active;
  const test = isPythonFile(uri.fsPath) ? testAtLine(uri.fsPath, text, line) : testAt(text.split('\n'), line);
  return test?.titles ?? [];
}
