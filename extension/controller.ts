/**
 * The program that is traced, and what shows it: panel, status bar, language server. One program is
 * traced at a time; a new one replaces it. What the commands do stands in commands/.
 */
import * as vscode from 'vscode';
import type { CommandContext } from './commands/context.ts';
import { CONTEXT_KEYS } from './context-keys.ts';
import type { LanguageServerClient } from './language-client/language-server-client.ts';
import type { Panel } from './panel/panel.ts';
import { LastRecording, type RecordingInfo } from './session/last-recording.ts';
import { liveSource } from './session/live-source.ts';
import { ProgramSession, type ProgramLaunch } from './session/program-session.ts';
import { StatusItem } from './status-item.ts';

export class Controller implements CommandContext {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly panel: Panel;
  readonly server: LanguageServerClient;
  readonly #statusItem = new StatusItem();
  readonly #lastRecording: LastRecording;
  #session: ProgramSession | null = null;
  #recording: RecordingInfo | null = null;

  constructor(parts: Pick<CommandContext, 'extension' | 'log' | 'panel' | 'server'>) {
    this.extension = parts.extension;
    this.log = parts.log;
    this.panel = parts.panel;
    this.server = parts.server;
    this.#lastRecording = new LastRecording(parts.extension.workspaceState);
  }

  get recording(): RecordingInfo | null {
    return this.#recording;
  }

  async runProgram(launch: ProgramLaunch): Promise<void> {
    const session = new ProgramSession(launch);
    this.#session = session;
    this.#show(session);
    try {
      const start = session.start();
      void vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Starting {0}', session.name) },
        () => session.started,
      );
      await start;
    } catch (error) {
      this.showError(vscode.l10n.t('{0} could not be started: {1}', session.name, String(error)));
    }
  }

  async stopProgram(): Promise<void> {
    const session = this.#session;
    if (session === null || !session.isRunning) return;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Stopping {0}', session.name) },
      () => session.stop(),
    );
  }

  showError(words: string): void {
    this.log.warn(words);
    void vscode.window.showErrorMessage(words);
  }

  /** Fills a panel that was open before the window was reloaded, with the recording it showed. */
  restorePanel(view: vscode.WebviewPanel): void {
    const last = this.#lastRecording.load();
    if (this.panel.source === null && last !== null) {
      this.#setRecording(last);
      this.panel.setSource(
        liveSource({
          ...last,
          ended: vscode.l10n.t('{0} was recorded before this window was reloaded.', last.name),
        }),
      );
      this.server.setRecording({ folder: last.folder, ended: false });
    }
    this.panel.adoptView(view);
  }

  async dispose(): Promise<void> {
    this.#session?.dispose();
    this.panel.dispose();
    this.#statusItem.dispose();
    await this.server.dispose();
  }

  #show(session: ProgramSession): void {
    const { name, folders } = session;
    const folder = session.launch.recording;
    const recording = { folder, name, folders };
    this.#setRecording(recording);
    this.#lastRecording.store(recording);
    this.#statusItem.showRunning(name);
    this.panel.showSource(
      liveSource({
        ...recording,
        ended: session.ended.then(({ words }) => words),
        wasStopped: () => session.wasStopped,
      }),
    );
    this.server.setRecording({ folder, ended: false });
    void session.ended.then(({ words }) => {
      this.log.info(words);
      this.server.setRecording({ folder, ended: true });
      if (this.#session === session) this.#statusItem.showEnded(words);
    });
  }

  #setRecording(recording: RecordingInfo): void {
    this.#recording = recording;
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.hasRecording, true);
  }
}
