/**
 * Starts the language server and sends it the settings and the current recording. The client's code
 * is loaded only when it is started: it is the largest in the bundle, and activation must not wait.
 */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { MomentView } from '../../runtime/trace/messages/moment.ts';
import type {
  ChangedNotice,
  RecordingNotice,
  SaveAnswer,
  SaveRequest,
  SettingsNotice,
} from '../../runtime/trace/messages/server.ts';
import {
  CHANGED_NOTIFICATION,
  PRESENT_REQUEST,
  RECORDING_NOTIFICATION,
  SAVE_REQUEST,
  SETTINGS_NOTIFICATION,
} from '../../runtime/trace/messages/server.ts';
import { LANGUAGE_IDS } from './language-ids.ts';

export class LanguageServerClient {
  readonly #extensionUri: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #listeners: readonly vscode.Disposable[];
  readonly #changed = new vscode.EventEmitter<ChangedNotice>();
  /** More of the current recording was read. */
  readonly onDidRead = this.#changed.event;
  #client: LanguageClient | null = null;
  #recording: RecordingNotice = { folder: null, ended: true };

  constructor(extensionUri: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#extensionUri = extensionUri;
    this.#log = log;
    this.#listeners = [
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('simul')) this.#notify(SETTINGS_NOTIFICATION, readSettings());
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#notify(SETTINGS_NOTIFICATION, readSettings())),
    ];
  }

  async start(): Promise<void> {
    const { LanguageClient, TransportKind, RevealOutputChannelOn } = await import('./client-library.ts');
    const module = vscode.Uri.joinPath(this.#extensionUri, 'dist', 'server.cjs').fsPath;
    const client = new LanguageClient(
      'simul',
      'Simul',
      { module, transport: TransportKind.ipc },
      {
        documentSelector: LANGUAGE_IDS.map((language) => ({ scheme: 'file', language })),
        outputChannel: this.#log,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
      },
    );
    this.#client = client;
    try {
      await client.start();
    } catch (error) {
      this.#log.error(`The language server did not start: ${String(error)}`);
      return;
    }
    client.onNotification(CHANGED_NOTIFICATION, (notice: ChangedNotice) => this.#changed.fire(notice));
    this.#notify(SETTINGS_NOTIFICATION, readSettings());
    this.#notify(RECORDING_NOTIFICATION, this.#recording);
  }

  /** What every task of the current recording does now; null: there is no recording. */
  async present(): Promise<MomentView | null> {
    if (this.#client?.isRunning() !== true) return null;
    return await this.#client.sendRequest<MomentView | null>(PRESENT_REQUEST);
  }

  setRecording(recording: RecordingNotice): void {
    this.#recording = recording;
    this.#notify(RECORDING_NOTIFICATION, this.#recording);
  }

  /** The server writes the trace file: compressing it would hold up the extension host. */
  async saveTrace(request: SaveRequest, token: vscode.CancellationToken): Promise<SaveAnswer> {
    if (this.#client?.isRunning() !== true)
      return { saved: false, words: 'the language server is not running' };
    return await this.#client.sendRequest<SaveAnswer>(SAVE_REQUEST, request, token);
  }

  async dispose(): Promise<void> {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
    const client = this.#client;
    this.#client = null;
    await client?.dispose();
  }

  /** Sends nothing before the server runs: `start` sends everything once it does. */
  #notify(method: string, notice: RecordingNotice | SettingsNotice): void {
    if (this.#client?.isRunning() !== true) return;
    void this.#client
      .sendNotification(method, notice)
      .catch((error: unknown) => this.#log.warn(String(error)));
  }
}

function readSettings(): SettingsNotice {
  const configuration = vscode.workspace.getConfiguration('simul');
  // A lens offers to run the file. A workspace without trust refuses that, so it gets no lens.
  const lenses = vscode.workspace.isTrusted && configuration.get('codeLens', true);
  const silenced = configuration.get<readonly string[]>('findings.silenced', []);
  return { lenses, hints: configuration.get('inlayHints', true), silenced };
}
