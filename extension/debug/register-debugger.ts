/** Ties the debugger for recordings to the editor. */
import * as vscode from 'vscode';
import type { RecordingInfo } from '../session/last-recording.ts';
import { AdapterFactory } from './adapter-factory.ts';
import { ReplayableConfigurations, ReplayConfigurations } from './configurations.ts';
import { stopWithParent } from './child-sessions.ts';
import { DEBUG_TYPE } from './debug-type.ts';

/** @param newest the newest recording of this window; null: there is none yet */
export function registerDebugger(
  extensionUri: vscode.Uri,
  newest: () => RecordingInfo | null,
): vscode.Disposable[] {
  const foldersOf = (recording: string): readonly string[] => {
    const known = newest();
    return known?.folder === recording ? known.folders : [];
  };
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  return [
    ...stopWithParent(),
    vscode.debug.registerDebugAdapterDescriptorFactory(
      DEBUG_TYPE,
      new AdapterFactory(extensionUri, foldersOf),
    ),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, new ReplayConfigurations(newest)),
    vscode.debug.registerDebugConfigurationProvider(
      DEBUG_TYPE,
      new ReplayableConfigurations(newest),
      Dynamic,
    ),
  ];
}
