/**
 * Traces an example. It is copied to the extension's own storage first: the folder of the
 * extension is no place to edit a file in.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CommandFactory } from './context.ts';
import { traceFile } from './trace-current-file.ts';

const EXAMPLE = 'producers-consumers.ts';
/** The other two keep the editor from finding errors in the example. */
const EXAMPLE_FILES = [EXAMPLE, 'tsconfig.json', 'node-timers.d.ts'];

export const tryIt: CommandFactory = (context) => async () => {
  // Before anything is opened: a file without its trace is not what was asked for.
  if (!vscode.workspace.isTrusted) return context.refuseUntrusted();
  const { extensionUri, globalStorageUri } = context.extension;
  const folder = vscode.Uri.joinPath(globalStorageUri, 'try');
  try {
    await mkdir(folder.fsPath, { recursive: true });
    for (const name of EXAMPLE_FILES) {
      const shipped = vscode.Uri.joinPath(extensionUri, 'examples', name);
      await copyFile(shipped.fsPath, join(folder.fsPath, name));
    }
  } catch (error) {
    return context.showError(
      vscode.l10n.t('The example cannot be copied to {0}: {1}', folder.fsPath, String(error)),
    );
  }
  const example = vscode.Uri.joinPath(folder, EXAMPLE);
  await vscode.window.showTextDocument(example, { viewColumn: vscode.ViewColumn.One, preview: false });
  const session = await traceFile(context, example);
  void session?.ended.then(({ exitCode }) => {
    if (exitCode === 0) context.markDone('tried');
  });
};
