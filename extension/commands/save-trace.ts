/**
 * Saves the newest recording as a trace file, in a place that the user chooses: all of it as it was
 * recorded, unless the user wants the last seconds only, or nothing that should stay private.
 */
import { basename, extname } from 'node:path';
import * as vscode from 'vscode';
import type { CommandFactory } from './context.ts';
import type { RecordingInfo } from '../session/last-recording.ts';
import { shownText } from '../panel/shown-text.ts';
import { openTraceFile } from './open-trace.ts';

export const saveTrace: CommandFactory = (context) => async () => {
  const { recording } = context;
  if (recording === null) {
    return context.showError(vscode.l10n.t('There is no recording to save yet: trace a file first.'));
  }
  const choice = await chooseWhat();
  if (choice === undefined) return;
  const target = await chooseTarget(recording);
  if (!target) return;
  if (target.scheme !== 'file') {
    return context.showError(vscode.l10n.t('A trace can only be saved on a disk.'));
  }
  const name = basename(target.fsPath);
  const answer = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Saving {0}', shownText(name)) },
    () =>
      context.server.saveTrace({
        folder: recording.folder,
        file: target.fsPath,
        ...(choice.lastSeconds === undefined ? {} : { lastSeconds: choice.lastSeconds }),
        ...(choice.isRedacted ? { redactFrom: folderOf(recording).fsPath } : {}),
      }),
  );
  if (!answer.saved) return context.showError(vscode.l10n.t('Not saved: {0}.', answer.words));
  for (const words of answer.troubles) context.log.warn(words);
  const open = vscode.l10n.t('Open');
  const kib = Math.ceil(answer.bytes / 1024);
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Saved {0}: {1} records in {2} KiB.', shownText(name), answer.records, kib),
    open,
  );
  if (chosen === open) await openTraceFile(target);
};

/** The workspace's folder, or the program's. */
const folderOf = ({ folders }: RecordingInfo): vscode.Uri =>
  vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(folders[0] ?? '/');

async function chooseTarget(recording: RecordingInfo): Promise<vscode.Uri | undefined> {
  const { name } = recording;
  return vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save the trace'),
    defaultUri: vscode.Uri.joinPath(folderOf(recording), `${basename(name, extname(name))}.simul`),
    filters: { [vscode.l10n.t('Simul traces')]: ['simul'] },
  });
}

interface SaveChoice {
  readonly lastSeconds?: number;
  readonly isRedacted: boolean;
}

const DEFAULT_SECONDS = 120;

/** Undefined: the user does not want to save after all. */
async function chooseWhat(): Promise<SaveChoice | undefined> {
  const onlyLast = {
    label: vscode.l10n.t('Only the last seconds'),
    detail: vscode.l10n.t('Of the time before, what still went on then: who waited for what.'),
  };
  const redacted = {
    label: vscode.l10n.t('Redacted'),
    detail: vscode.l10n.t('Without literals, messages, arguments and paths above the workspace.'),
  };
  const chosen = await vscode.window.showQuickPick([onlyLast, redacted], {
    title: vscode.l10n.t('What to save'),
    placeHolder: vscode.l10n.t('Check what applies; Enter with nothing checked saves everything'),
    canPickMany: true,
    // The panel takes the focus back between two questions.
    ignoreFocusOut: true,
  });
  if (chosen === undefined) return undefined;
  const isRedacted = chosen.includes(redacted);
  if (!chosen.includes(onlyLast)) return { isRedacted };
  const seconds = await vscode.window.showInputBox({
    title: vscode.l10n.t('Save the last seconds'),
    prompt: vscode.l10n.t('How many seconds before the end'),
    value: String(DEFAULT_SECONDS),
    ignoreFocusOut: true,
    validateInput: (text) =>
      isCountOfSeconds(text) ? null : vscode.l10n.t('This takes a whole number of seconds.'),
  });
  return seconds === undefined ? undefined : { isRedacted, lastSeconds: Number(seconds) };
}

const isCountOfSeconds = (text: string): boolean => /^\d{1,9}$/.test(text);
