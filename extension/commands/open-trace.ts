/**
 * Opens a trace: the one that the argument names, else one that the user chooses. It is a saved
 * file, or the folder of a recording, as a program leaves it that was traced in a terminal.
 */
import * as vscode from 'vscode';
import type { CommandContext, CommandFactory } from './context.ts';
import { fileArgument } from './target-file.ts';
import { TRACE_EDITOR } from '../panel/trace-editor.ts';
import { chooseTrace, readsRecordings } from '../session/choose-trace.ts';

export const openTrace: CommandFactory = (context) => async (argument) => {
  const uri =
    fileArgument(argument) ??
    (await chooseTrace(context.extension, {
      title: vscode.l10n.t('Open Trace'),
      fileTitle: vscode.l10n.t('Open a trace'),
      folderTitle: vscode.l10n.t('Open a recording'),
    }));
  if (uri) await openTraceAt(context, uri);
};

async function openTraceAt(context: CommandContext, uri: vscode.Uri): Promise<void> {
  if (!(await isFolder(uri))) return openTraceFile(uri);
  const folder = uri.fsPath;
  const { isRecording, nameRecording } = await readsRecordings();
  if (uri.scheme !== 'file' || !isRecording(folder)) {
    return context.showError(vscode.l10n.t('No recording: there is no *.part file in {0}.', folder));
  }
  // A recording may come from anywhere: only the workspace's files are opened without asking.
  context.showRecording({ folder, name: nameRecording(folder) ?? folder, folders: [] });
}

export async function openTraceFile(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, TRACE_EDITOR);
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  } catch {
    // The editor says why it cannot be read.
    return false;
  }
}
