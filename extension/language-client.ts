/**
 * Starts the language server and tells it which recording is the current one. The client is
 * loaded only when it is started: it is the largest thing in the bundle, and activation waits for nothing.
 */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type {
  SettingsNotice,
  RecordingNotice,
  SaveAnswer,
  SaveOrder,
} from '../runtime/trace/messages/server.ts';
import {
  SETTINGS_NOTIFICATION,
  RECORDING_NOTIFICATION,
  SAVE_REQUEST,
} from '../runtime/trace/messages/server.ts';

export const LANGUAGES: readonly string[] = [
  'typescript',
  'typescriptreact',
  'javascript',
  'javascriptreact',
];

export class LanguageServerClient {
  readonly #extensionUri: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #listening: readonly vscode.Disposable[];
  #client: LanguageClient | null = null;
  #recording: RecordingNotice = { folder: null, ended: true };

  constructor(extensionUri: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#extensionUri = extensionUri;
    this.#log = log;
    this.#listening = [
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('simul')) this.#tell(SETTINGS_NOTIFICATION, settings());
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#tell(SETTINGS_NOTIFICATION, settings())),
    ];
  }

  async start(): Promise<void> {
    const { LanguageClient, TransportKind, RevealOutputChannelOn } =
      await import('vscode-languageclient/node');
    const module = vscode.Uri.joinPath(this.#extensionUri, 'dist', 'server.cjs').fsPath;
    const client = new LanguageClient(
      'simul',
      'Simul',
      { module, transport: TransportKind.ipc },
      {
        documentSelector: LANGUAGES.map((language) => ({ scheme: 'file', language })),
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
    this.#tell(SETTINGS_NOTIFICATION, settings());
    this.#tell(RECORDING_NOTIFICATION, this.#recording);
  }

  recording(folder: string, ended: boolean): void {
    this.#recording = { folder, ended };
    this.#tell(RECORDING_NOTIFICATION, this.#recording);
  }

  /** Lets the server write the trace file: compressing a large recording would hold up the extension host. */
  async save(order: SaveOrder): Promise<SaveAnswer> {
    if (this.#client?.isRunning() !== true)
      return { saved: false, words: 'the language server does not run' };
    return await this.#client.sendRequest<SaveAnswer>(SAVE_REQUEST, order);
  }

  async dispose(): Promise<void> {
    for (const listener of this.#listening) listener.dispose();
    const client = this.#client;
    this.#client = null;
    await client?.dispose();
  }

  /** Told again when the server is up: until then there is nobody to tell. */
  #tell(method: string, notice: RecordingNotice | SettingsNotice): void {
    if (this.#client?.isRunning() !== true) return;
    void this.#client
      .sendNotification(method, notice)
      .catch((error: unknown) => this.#log.warn(String(error)));
  }
}

function settings(): SettingsNotice {
  const settings = vscode.workspace.getConfiguration('simul');
  // A lens offers to run the file: where that would be refused, nothing is offered.
  const lenses = vscode.workspace.isTrusted && settings.get('codeLens', true);
  return { lenses, hints: settings.get('inlayHints', true) };
}
