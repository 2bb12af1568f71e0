/**
 * Saves a page that any browser opens, with the panel and a trace in it: of the saved trace that is
 * in front, else of the newest recording. The user says what should not stand in it.
 */
import { basename, extname } from 'node:path';
import * as vscode from 'vscode';
import { shownText } from '../panel/shown-text.ts';
import { chooseWhat, folderOf, optionsOf } from '../session/save-choice.ts';
import { traceInFront } from '../session/trace-in-front.ts';
import { withCancel } from '../session/with-cancel.ts';
import type { RecordingInfo } from '../session/last-recording.ts';
import type { CommandFactory } from './context.ts';

export const saveReport: CommandFactory = (context) => async () => {
  const recording = traceInFront() ?? context.recording;
  if (recording === null) {
    return context.showError(vscode.l10n.t('There is no recording to save yet: trace a file first.'));
  }
  const choice = await chooseWhat();
  if (choice === undefined) return;
  const target = await chooseTarget(recording);
  if (!target) return;
  if (target.scheme !== 'file') {
    return context.showError(vscode.l10n.t('A report can only be saved on a disk.'));
  }
  const name = basename(target.fsPath);
  const answer = await withCancel(vscode.l10n.t('Saving {0}', shownText(name)), (token) =>
    context.server.saveTrace(
      {
        folder: recording.folder,
        file: target.fsPath,
        asReport: true,
        ...optionsOf(choice, folderOf(recording)),
      },
      token,
    ),
  );
  if (!answer.saved && answer.wasCancelled === true) return;
  if (!answer.saved) return context.showError(vscode.l10n.t('Not saved: {0}.', answer.words));
  for (const words of answer.troubles) context.log.warn(words);
  const open = vscode.l10n.t('Open in the Browser');
  const kib = Math.ceil(answer.bytes / 1024);
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Saved {0}: one page of {1} KiB that any browser opens.', shownText(name), kib),
    open,
  );
  if (chosen === open) await vscode.env.openExternal(target);
};

async function chooseTarget(recording: RecordingInfo): Promise<vscode.Uri | undefined> {
  const { name } = recording;
  return vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save the report'),
    defaultUri: vscode.Uri.joinPath(folderOf(recording), `${basename(name, extname(name))}.html`),
    filters: { [vscode.l10n.t('Web pages')]: ['html'] },
  });
}
