import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { TRACE_EDITOR } from '../panel/trace-editor.ts';
import type { RecordingInfo } from './last-recording.ts';

/** The saved trace whose editor is the active one; null: there is none on a disk. */
export function traceInFront(): RecordingInfo | null {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (!(input instanceof vscode.TabInputCustom) || input.viewType !== TRACE_EDITOR) return null;
  if (input.uri.scheme !== 'file') return null;
  return savedAt(input.uri.fsPath);
}

/** A saved trace as a recording: its file stands for the folder. */
export const savedAt = (path: string): RecordingInfo => ({
  folder: path,
  name: basename(path),
  folders: [dirname(path)],
});
