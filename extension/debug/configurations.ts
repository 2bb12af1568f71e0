/**
 * Debug configurations of the type `simul`: those that the editor proposes, and what is missing in
 * one that is started. F5 without a launch.json asks what to replay.
 */
import * as vscode from 'vscode';
import type { RecordingInfo } from '../session/last-recording.ts';
import { chooseReplayable, listReplayable, type Replayable } from './choose-recording.ts';
import { DEBUG_TYPE } from './debug-type.ts';

export const configurationOf = ({ name, path }: Replayable): vscode.DebugConfiguration => ({
  type: DEBUG_TYPE,
  request: 'launch',
  name: vscode.l10n.t('Replay {0}', name),
  recording: path,
});

/** Beside the run button: what can be replayed now. */
export class ReplayableConfigurations implements vscode.DebugConfigurationProvider {
  readonly #newest: () => RecordingInfo | null;

  constructor(newest: () => RecordingInfo | null) {
    this.#newest = newest;
  }

  async provideDebugConfigurations(): Promise<vscode.DebugConfiguration[]> {
    return (await listReplayable(this.#newest())).map(configurationOf);
  }
}

/** For launch.json, and what a configuration leaves open. */
export class ReplayConfigurations implements vscode.DebugConfigurationProvider {
  readonly #newest: () => RecordingInfo | null;

  constructor(newest: () => RecordingInfo | null) {
    this.#newest = newest;
  }

  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    const name = vscode.l10n.t('a saved trace');
    return [configurationOf({ name, path: '${workspaceFolder}/trace.simul' })];
  }

  /** Undefined: the person chose nothing, and nothing is started. */
  async resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const recording: unknown = configuration['recording'];
    if (typeof recording === 'string' && recording !== '') return configuration;
    const chosen = await chooseReplayable(this.#newest());
    return chosen === undefined
      ? undefined
      : { ...configurationOf(chosen), ...configuration, recording: chosen.path };
  }
}
