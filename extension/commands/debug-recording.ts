/**
 * Opens a recording in the debugger: the saved trace that the argument names or that is shown, the
 * recording of the panel that is shown, or what the person chooses.
 */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { chooseReplayable, type Replayable } from '../debug/choose-recording.ts';
import { configurationOf } from '../debug/configurations.ts';
import { PANEL_VIEW } from '../panel/panel.ts';
import { TRACE_EDITOR } from '../panel/trace-editor.ts';
import type { CommandContext, CommandFactory } from './context.ts';
import { fileArgument, folderOf } from './target-file.ts';

export const debugRecording: CommandFactory = (context) => async (argument) => {
  const replayable =
    ofItem(argument) ??
    ofFile(fileArgument(argument)) ??
    shown(context) ??
    (await chooseReplayable(context.recording));
  if (replayable === undefined) return;
  const folder = vscode.workspace.workspaceFolders?.[0];
  await vscode.debug.startDebugging(folder, configurationOf(replayable));
};

/** An item of the view *Recordings*. */
function ofItem(argument: unknown): Replayable | undefined {
  const folder = folderOf(argument);
  return folder === undefined ? undefined : { name: basename(folder), path: folder };
}

function ofFile(uri: vscode.Uri | undefined): Replayable | undefined {
  return uri?.scheme === 'file' && uri.path.endsWith('.simul')
    ? { name: basename(uri.fsPath), path: uri.fsPath }
    : undefined;
}

/** What stands in the active tab. */
function shown({ recording }: CommandContext): Replayable | undefined {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputCustom && input.viewType === TRACE_EDITOR) return ofFile(input.uri);
  // VS Code puts a prefix before the type of a webview.
  const isPanel = input instanceof vscode.TabInputWebview && input.viewType.endsWith(PANEL_VIEW);
  return isPanel && recording !== null ? { name: recording.name, path: recording.folder } : undefined;
}
