/** Starts the editor's file under the built-in debugger and the trace, without a launch.json. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isRunnableFile } from '../../runtime/launch/runnable-files.ts';
import type { CommandFactory } from './context.ts';
import { targetFile } from './target-file.ts';

export const debugCurrentFile: CommandFactory = (context) => async (argument) => {
  if (!vscode.workspace.isTrusted) {
    context.refuseUntrusted();
    return;
  }
  const uri = targetFile(argument);
  const file = uri?.scheme === 'file' ? uri.fsPath : undefined;
  if (uri === undefined || file === undefined || !isRunnableFile(file)) {
    context.showError(
      vscode.l10n.t('Open a TypeScript or JavaScript file first: Simul debugs the file in the editor.'),
    );
    return;
  }
  const node = vscode.workspace.getConfiguration('simul', uri).get('nodePath', '');
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(uri), {
    type: 'node',
    request: 'launch',
    name: basename(file),
    program: file,
    simul: true,
    skipFiles: ['<node_internals>/**', '**/node_modules/**'],
    ...(node === '' ? {} : { runtimeExecutable: node }),
  });
};
