/**
 * Opens a trace: the one that the argument names, else one that the user chooses. It is a saved
 * file, or the folder of a recording, as a program leaves it that was traced in a terminal.
 */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { MAX_RECORDINGS, recordingsFolder } from '../../runtime/launch/recordings.ts';
import type { CommandContext, CommandFactory } from './context.ts';
import { fileArgument } from './target-file.ts';
import { shownText } from '../panel/shown-text.ts';
import { TRACE_EDITOR } from '../panel/trace-editor.ts';

/** It folds records; activation must not wait for that code. */
const readsRecordings = () => import('../../runtime/launch/list-recordings.ts');

export const openTrace: CommandFactory = (context) => async (argument) => {
  const uri = fileArgument(argument) ?? (await chooseTrace(context));
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

interface TraceItem extends vscode.QuickPickItem {
  readonly open?: () => Promise<vscode.Uri | undefined>;
}

/** A dialog takes either files or folders on most systems, so the user says which. */
async function chooseTrace({ extension }: CommandContext): Promise<vscode.Uri | undefined> {
  const storage = (extension.storageUri ?? extension.globalStorageUri).fsPath;
  const { listRecordings } = await readsRecordings();
  const recordings = listRecordings([join(storage, 'recordings'), recordingsFolder()], MAX_RECORDINGS);
  const items: TraceItem[] = [
    { label: vscode.l10n.t('$(file) A saved trace…'), open: () => chooseFile('file') },
    { label: vscode.l10n.t('$(folder) The folder of a recording…'), open: () => chooseFile('folder') },
  ];
  if (recordings.length > 0)
    items.push({ label: vscode.l10n.t('Recorded last'), kind: vscode.QuickPickItemKind.Separator });
  for (const { folder, name, atMs } of recordings)
    items.push({
      label: `$(pulse) ${shownText(name)}`,
      description: new Date(atMs).toLocaleString(vscode.env.language),
      detail: shownText(folder),
      open: () => Promise.resolve(vscode.Uri.file(folder)),
    });
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Open Trace'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.open?.();
}

async function chooseFile(what: 'file' | 'folder'): Promise<vscode.Uri | undefined> {
  const isFile = what === 'file';
  const chosen = await vscode.window.showOpenDialog({
    title: isFile ? vscode.l10n.t('Open a trace') : vscode.l10n.t('Open a recording'),
    canSelectFiles: isFile,
    canSelectFolders: !isFile,
    ...(isFile ? { filters: { [vscode.l10n.t('Simul traces')]: ['simul'] } } : {}),
  });
  return chosen?.[0];
}
