/**
 * Adds the library to the project of a file: of the file that the argument names, else of the one
 * in the editor. Without a file it is added to the folder that is open.
 */
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { CommandFactory } from './context.ts';
import { installLibrary, nearestProject } from '../library/install-library.ts';
import { shownText } from '../panel/shown-text.ts';
import { targetFile } from './target-file.ts';

export const addLibrary: CommandFactory = (context) => async (argument) => {
  if (!vscode.workspace.isTrusted) {
    return context.showError(vscode.l10n.t('Simul adds its library only to a workspace that you trust.'));
  }
  const uri = targetFile(argument);
  const file = uri?.scheme === 'file' ? uri : undefined;
  const folder = file ? vscode.workspace.getWorkspaceFolder(file) : await chooseWorkspaceFolder();
  const limit = folder?.uri.fsPath ?? (file && dirname(file.fsPath));
  if (limit === undefined) {
    return context.showError(
      vscode.l10n.t('Open a folder or a file first: the library is added to its project.'),
    );
  }
  const project = file ? nearestProject(file.fsPath, limit) : limit;
  const { done, words } = installLibrary(context.extension.extensionUri.fsPath, project);
  if (!done) return context.showError(words);
  context.log.info(words);
  void vscode.window.showInformationMessage(shownText(words));
};

/** The folder that is open; with several of them the user is asked. */
async function chooseWorkspaceFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const { workspaceFolders = [] } = vscode.workspace;
  return workspaceFolders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : workspaceFolders[0];
}
