/**
 * Adds a recording to the trace that is shown, of this machine or another: both become one trace,
 * which opens in an editor of its own. Times are brought to one clock by what jobs say, as
 * `simul merge` does; how far they may be off is told, and hatched in the picture.
 */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { shownText } from '../panel/shown-text.ts';
import { chooseTrace, readsRecordings } from '../session/choose-trace.ts';
import { traceInFront } from '../session/trace-in-front.ts';
import { withCancel } from '../session/with-cancel.ts';
import type { CommandFactory } from './context.ts';
import { openTraceFile } from './open-trace.ts';

/** The argument: the path of the trace that it is added to, as a page passes it. */
export const addRecording: CommandFactory = (context) => async (argument) => {
  const shown = typeof argument === 'string' ? argument : (traceInFront() ?? context.recording)?.folder;
  if (shown === undefined)
    return context.showError(vscode.l10n.t('There is no trace to add to yet: open or record one first.'));
  const { merged } = context;
  const sources = merged.sourcesOf(shown);
  const chosen = await chooseTrace(context.extension, {
    title: vscode.l10n.t('Add a Recording'),
    fileTitle: vscode.l10n.t('Add a saved trace'),
    folderTitle: vscode.l10n.t('Add a recording'),
    without: sources,
  });
  if (chosen === undefined) return;
  if (chosen.scheme !== 'file')
    return context.showError(vscode.l10n.t('Only a recording or trace on a disk can be added.'));
  const name = shownText(await nameOf(chosen.fsPath));
  // What is chosen may have been made of several, too.
  const all = [...new Set([...sources, ...merged.sourcesOf(chosen.fsPath)])];
  if (all.length === sources.length)
    return context.showError(vscode.l10n.t('{0} is part of this trace already.', name));
  const names = await Promise.all(all.map(nameOf));
  let file: string;
  try {
    file = merged.makePlace(names, isOpen);
  } catch (error) {
    return context.showError(vscode.l10n.t('{0} was not added: {1}', name, String(error)));
  }
  const answer = await withCancel(vscode.l10n.t('Adding {0}', name), (token) =>
    context.server.saveTrace({ folder: all[0]!, with: all.slice(1), file }, token),
  );
  if (!answer.saved) {
    merged.release(file);
    if (answer.wasCancelled === true) return;
    return context.showError(vscode.l10n.t('{0} was not added: {1}.', name, answer.words));
  }
  for (const words of answer.troubles) context.log.warn(words);
  merged.note(file, all);
  await openTraceFile(vscode.Uri.file(file));
  await tellClocks({ file, name, clocks: answer.clocks ?? [], sources: all });
};

interface Added {
  readonly file: string;
  readonly name: string;
  readonly clocks: readonly string[];
  readonly sources: readonly string[];
}

async function tellClocks({ file, name, clocks, sources }: Added): Promise<void> {
  const oneClock = vscode.l10n.t('all of it was recorded by one clock');
  const { isBeingWritten } = await readsRecordings();
  const running = sources.some(isBeingWritten) ? vscode.l10n.t(' What goes on now is not in it.') : '';
  const words = clocks.length === 0 ? oneClock : shownText(clocks.join('; '));
  const save = vscode.l10n.t('Save As…');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('Added {0}: {1}.{2}', name, words, running),
    save,
  );
  if (answer === save) await vscode.commands.executeCommand('simul.saveTrace', file);
}

async function nameOf(path: string): Promise<string> {
  const { isRecording, nameRecording } = await readsRecordings();
  return (isRecording(path) ? nameRecording(path) : null) ?? basename(path);
}

const isOpen = (file: string): boolean =>
  vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputCustom && input.uri.fsPath === file),
  );
