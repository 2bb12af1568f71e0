/** Opens a saved trace: the one that the argument names, else one that the user chooses. */
import * as vscode from 'vscode';
import type { CommandFactory } from './context.ts';
import { fileArgument } from './target-file.ts';
import { TRACE_EDITOR } from '../panel/trace-editor.ts';

export const openTrace: CommandFactory = () => async (argument) => {
  const uri = fileArgument(argument) ?? (await chooseTrace());
  if (uri) await openTraceFile(uri);
};

export async function openTraceFile(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, TRACE_EDITOR);
}

async function chooseTrace(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Open a trace'),
    filters: { [vscode.l10n.t('Simul traces')]: ['simul'] },
  });
  return chosen?.[0];
}
