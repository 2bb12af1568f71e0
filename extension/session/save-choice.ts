/** What of a recording is saved: the user says how much of it, and what should stay private. */
import * as vscode from 'vscode';
import type { SaveRequest } from '../../runtime/trace/messages/server.ts';
import type { RecordingInfo } from './last-recording.ts';

export interface SaveChoice {
  readonly lastSeconds?: number;
  readonly isRedacted: boolean;
  readonly isAnonymous: boolean;
}

const DEFAULT_SECONDS = 120;

/** Undefined: the user does not want to save after all. */
export async function chooseWhat(): Promise<SaveChoice | undefined> {
  const onlyLast = {
    label: vscode.l10n.t('Only the last seconds'),
    detail: vscode.l10n.t('Of the time before, what still went on then: who waited for what.'),
  };
  const redacted = {
    label: vscode.l10n.t('Redacted'),
    detail: vscode.l10n.t('Without literals, messages, arguments and paths above the workspace.'),
  };
  const anonymous = {
    label: vscode.l10n.t('Anonymous'),
    detail: vscode.l10n.t('The same, and names of functions, tasks and files become numbers.'),
  };
  const chosen = await vscode.window.showQuickPick([onlyLast, redacted, anonymous], {
    title: vscode.l10n.t('What to save'),
    placeHolder: vscode.l10n.t('Check what applies; Enter with nothing checked saves everything'),
    canPickMany: true,
    // The panel takes the focus back between two questions.
    ignoreFocusOut: true,
  });
  if (chosen === undefined) return undefined;
  const isAnonymous = chosen.includes(anonymous);
  const isRedacted = isAnonymous || chosen.includes(redacted);
  if (!chosen.includes(onlyLast)) return { isRedacted, isAnonymous };
  const seconds = await vscode.window.showInputBox({
    title: vscode.l10n.t('Save the last seconds'),
    prompt: vscode.l10n.t('How many seconds before the end'),
    value: String(DEFAULT_SECONDS),
    ignoreFocusOut: true,
    validateInput: (text) =>
      isCountOfSeconds(text) ? null : vscode.l10n.t('This takes a whole number of seconds.'),
  });
  return seconds === undefined ? undefined : { isRedacted, isAnonymous, lastSeconds: Number(seconds) };
}

const isCountOfSeconds = (text: string): boolean => /^\d{1,9}$/.test(text);

/** The workspace's folder, or the program's. */
export const folderOf = ({ folders }: RecordingInfo): vscode.Uri =>
  vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(folders[0] ?? '/');

/** What the choice asks of the server. */
export const optionsOf = (choice: SaveChoice, from: vscode.Uri): Partial<SaveRequest> => ({
  ...(choice.lastSeconds === undefined ? {} : { lastSeconds: choice.lastSeconds }),
  ...(choice.isRedacted ? { redactFrom: from.fsPath } : {}),
  ...(choice.isAnonymous ? { masksNames: true } : {}),
});
