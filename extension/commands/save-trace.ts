/**
 * Saves the newest recording as a trace file, in a place that the user chooses: all of it as it was
 * recorded, unless the user wants the last seconds only, or nothing that should stay private.
 */
import { basename, extname } from 'node:path';
import * as vscode from 'vscode';
import type { CommandFactory } from './context.ts';
import type { RecordingInfo } from '../session/last-recording.ts';
import { chooseWhat, folderOf, optionsOf } from '../session/save-choice.ts';
import { savedAt, traceInFront } from '../session/trace-in-front.ts';
import { withCancel } from '../session/with-cancel.ts';
import { shownText } from '../panel/shown-text.ts';
import { openTraceFile } from './open-trace.ts';

/** The argument: the path of a saved trace, as its page passes it. */
export const saveTrace: CommandFactory = (context) => async (argument) => {
  const inFront = typeof argument === 'string' ? savedAt(argument) : traceInFront();
  const isMerged = inFront !== null && context.merged.has(inFront.folder);
  if (typeof argument === 'string' && !isMerged) {
    const name = shownText(basename(argument));
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} is a saved trace already.', name));
    return;
  }
  const recording = isMerged ? inFront : context.recording;
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
  const answer = await withCancel(vscode.l10n.t('Saving {0}', shownText(name)), (token) =>
    context.server.saveTrace(
      {
        folder: recording.folder,
        file: target.fsPath,
        ...optionsOf(choice, folderOf(recording)),
      },
      token,
    ),
  );
  if (!answer.saved && answer.wasCancelled === true) return;
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

async function chooseTarget(recording: RecordingInfo): Promise<vscode.Uri | undefined> {
  const { name } = recording;
  return vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save the trace'),
    defaultUri: vscode.Uri.joinPath(folderOf(recording), `${basename(name, extname(name))}.simul`),
    filters: { [vscode.l10n.t('Simul traces')]: ['simul'] },
  });
}
