/**
 * Runs any command line under trace, in a terminal: every Node and Python process in it is traced.
 * The command line that was typed last is proposed again.
 */
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { shellCommand } from '../session/shell-command.ts';
import { startTraced } from '../session/start-traced.ts';
import type { CommandFactory } from './context.ts';
import { currentEditor } from './target-file.ts';

const LAST_COMMAND = 'simul.lastCommand';
const MAX_NAME = 40;

export const traceCommand: CommandFactory = (context) => async () => {
  if (!vscode.workspace.isTrusted) return context.refuseUntrusted();
  const state = context.extension.workspaceState;
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Trace Command'),
    prompt: vscode.l10n.t('A command as in a terminal: every Node and Python process in it is traced'),
    placeHolder: 'npm run dev',
    value: state.get<string>(LAST_COMMAND, ''),
    ignoreFocusOut: true,
  });
  const line = typed?.trim() ?? '';
  if (line === '') return;
  void state.update(LAST_COMMAND, line);
  const cwd = folderOfWork();
  const session = await startTraced(context, {
    name: line.length > MAX_NAME ? `${line.slice(0, MAX_NAME - 1)}…` : line,
    shown: line,
    args: ['--', ...shellCommand(line)],
    folders: [cwd],
    cwd,
  });
  void session?.ended.then(() => context.markDone('traced'));
};

/** The workspace's folder, of several that of the file in the editor; without one the home. */
function folderOfWork(): string {
  const uri = currentEditor()?.document.uri;
  const ofEditor = uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri);
  return (ofEditor ?? vscode.workspace.workspaceFolders?.[0])?.uri.fsPath ?? homedir();
}
