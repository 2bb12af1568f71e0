/** Asks for a trace: a saved file, the folder of a recording, or one of those made last. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { MAX_RECORDINGS, recordingsFolder } from '../../runtime/launch/recordings.ts';
import { shownText } from '../panel/shown-text.ts';

/** It folds records; activation must not wait for that code. */
export const readsRecordings = () => import('../../runtime/launch/list-recordings.ts');

export interface TraceQuestion {
  readonly title: string;
  /** Of the dialogs. */
  readonly fileTitle: string;
  readonly folderTitle: string;
  /** Recordings that are not offered. */
  readonly without?: readonly string[];
}

interface TraceItem extends vscode.QuickPickItem {
  readonly open?: () => Promise<vscode.Uri | undefined>;
}

/** A dialog takes either files or folders on most systems, so the user says which. */
export async function chooseTrace(
  extension: vscode.ExtensionContext,
  question: TraceQuestion,
): Promise<vscode.Uri | undefined> {
  const { title, without = [] } = question;
  const storage = (extension.storageUri ?? extension.globalStorageUri).fsPath;
  const { listRecordings } = await readsRecordings();
  const recordings = listRecordings([join(storage, 'recordings'), recordingsFolder()], MAX_RECORDINGS);
  const items: TraceItem[] = [
    { label: vscode.l10n.t('$(file) A saved trace…'), open: () => chooseFile('file', question) },
    {
      label: vscode.l10n.t('$(folder) The folder of a recording…'),
      open: () => chooseFile('folder', question),
    },
  ];
  if (recordings.length > 0)
    items.push({ label: vscode.l10n.t('Recorded last'), kind: vscode.QuickPickItemKind.Separator });
  for (const { folder, name, atMs } of recordings.filter((each) => !without.includes(each.folder)))
    items.push({
      label: `$(pulse) ${shownText(name)}`,
      description: new Date(atMs).toLocaleString(vscode.env.language),
      detail: shownText(folder),
      open: () => Promise.resolve(vscode.Uri.file(folder)),
    });
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.open?.();
}

async function chooseFile(
  what: 'file' | 'folder',
  { fileTitle, folderTitle }: TraceQuestion,
): Promise<vscode.Uri | undefined> {
  const isFile = what === 'file';
  const chosen = await vscode.window.showOpenDialog({
    title: isFile ? fileTitle : folderTitle,
    canSelectFiles: isFile,
    canSelectFolders: !isFile,
    ...(isFile ? { filters: { [vscode.l10n.t('Simul traces')]: ['simul'] } } : {}),
  });
  return chosen?.[0];
}
