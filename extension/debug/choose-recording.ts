/** What can be replayed: the newest recording of this window, and the workspace's saved traces. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { RecordingInfo } from '../session/last-recording.ts';

export interface Replayable {
  /** "ball.ts, the newest recording". */
  readonly name: string;
  /** A saved trace, or a recording's folder. */
  readonly path: string;
}

/** More saved traces than a person chooses from. */
const MAX_TRACES = 20;

export async function listReplayable(newest: RecordingInfo | null): Promise<Replayable[]> {
  const traces = await vscode.workspace.findFiles('**/*.simul', '**/node_modules/**', MAX_TRACES);
  return [
    ...(newest === null
      ? []
      : [{ name: vscode.l10n.t('{0}, the newest recording', newest.name), path: newest.folder }]),
    ...traces
      .filter(({ scheme }) => scheme === 'file')
      .map(({ fsPath }) => ({ name: vscode.workspace.asRelativePath(fsPath), path: fsPath }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  ];
}

/** Lets the person choose; undefined: nothing was chosen. */
export async function chooseReplayable(newest: RecordingInfo | null): Promise<Replayable | undefined> {
  const listed = await listReplayable(newest);
  if (listed.length === 0) return chooseFile();
  const choices = listed.map((replayable) => ({ label: replayable.name, replayable }));
  const other = { label: vscode.l10n.t('Choose a file…'), replayable: undefined };
  const chosen = await vscode.window.showQuickPick([...choices, other], {
    title: vscode.l10n.t('Open a recording in the debugger'),
  });
  return chosen === other ? chooseFile() : chosen?.replayable;
}

async function chooseFile(): Promise<Replayable | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Open a recording in the debugger'),
      filters: { [vscode.l10n.t('Simul traces')]: ['simul'] },
    })) ?? [];
  return chosen === undefined ? undefined : { name: basename(chosen.fsPath), path: chosen.fsPath };
}
