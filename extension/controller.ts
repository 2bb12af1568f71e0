/**
 * The programs that are traced, and what shows the newest: panel, status bar, language server. What
 * the commands do stands in commands/.
 */
import * as vscode from 'vscode';
import type { CommandContext } from './commands/context.ts';
import { CONTEXT_KEYS, WALKTHROUGH_KEYS } from './context-keys.ts';
import type { LanguageServerClient } from './language-client/language-server-client.ts';
import type { LiveSessions } from './debug/live-sessions.ts';
import type { MomentTracker } from './debug/moment-tracker.ts';
import type { NodePlace } from '../runtime/trace/messages/moment.ts';
import type { SourcePlace } from './panel/open-source.ts';
import type { Panel } from './panel/panel.ts';
import { shownText } from './panel/shown-text.ts';
import { LastRecording, type RecordingInfo } from './session/last-recording.ts';
import { liveSource } from './session/live-source.ts';
import { MergedTraces } from './session/merged-traces.ts';
import { ProgramSession, type ProgramLaunch } from './session/program-session.ts';
import { RunningPrograms } from './session/running-programs.ts';
import type { PinnedTasks } from './views/pinned-tasks.ts';
import { StatusItem } from './status-item.ts';

/** Opens a place of the source beside the panel. */
type SourceOpening = (place: SourcePlace, folders: readonly string[]) => Promise<void>;

export class Controller implements CommandContext {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly panel: Panel;
  readonly server: LanguageServerClient;
  readonly tracker: MomentTracker;
  readonly pinned: PinnedTasks;
  readonly live: LiveSessions;
  readonly merged: MergedTraces;
  readonly #openSource: SourceOpening;
  readonly #runningChanged = new vscode.EventEmitter<void>();
  readonly #recordingChanged = new vscode.EventEmitter<void>();
  /** A program was started, or has ended. */
  readonly onDidChangeRunning = this.#runningChanged.event;
  /** Another recording is the newest. */
  readonly onDidChangeRecording = this.#recordingChanged.event;
  readonly #statusItem = new StatusItem();
  readonly #lastRecording: LastRecording;
  readonly #programs = new RunningPrograms(() => this.#showPrograms());
  /** How the program that ended last did. */
  #lastEnd = '';
  #recording: RecordingInfo | null = null;

  constructor(
    parts: Pick<CommandContext, 'extension' | 'log' | 'panel' | 'server' | 'tracker' | 'pinned' | 'live'>,
    openSource: SourceOpening,
  ) {
    this.extension = parts.extension;
    this.log = parts.log;
    this.panel = parts.panel;
    this.server = parts.server;
    this.tracker = parts.tracker;
    this.pinned = parts.pinned;
    this.live = parts.live;
    this.#openSource = openSource;
    const storage = parts.extension.storageUri ?? parts.extension.globalStorageUri;
    this.merged = new MergedTraces(storage.fsPath, parts.extension.workspaceState);
    this.#lastRecording = new LastRecording(parts.extension.workspaceState);
  }

  get recording(): RecordingInfo | null {
    return this.#recording;
  }

  async runProgram(launch: ProgramLaunch): Promise<ProgramSession> {
    const session = new ProgramSession(launch);
    this.#show(session);
    try {
      const start = session.start();
      void vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Window,
          title: vscode.l10n.t('Starting {0}', shownText(session.name)),
        },
        () => session.started,
      );
      await start;
    } catch (error) {
      this.showError(vscode.l10n.t('{0} could not be started: {1}', session.name, String(error)));
    }
    return session;
  }

  mayRunAnother(name: string): ReturnType<RunningPrograms['mayBegin']> {
    return this.#programs.mayBegin(name);
  }

  stopProgram(recording?: string): Promise<void> {
    return this.#programs.stop(recording);
  }

  showRecording(recording: RecordingInfo): void {
    this.#setRecording(recording);
    this.#lastRecording.store(recording);
    const ended = vscode.l10n.t('{0} was recorded in {1}.', recording.name, recording.folder);
    this.panel.showSource(liveSource({ ...recording, ended }));
    this.server.setRecording({ folder: recording.folder, ended: false, ...listedOf(recording) });
  }

  showLive(recording: RecordingInfo, ended: Promise<string>): void {
    this.#setRecording(recording);
    this.#lastRecording.store(recording);
    this.panel.showSource(liveSource({ ...recording, ended }));
    this.server.setRecording({ folder: recording.folder, ended: false });
    void ended.then(() => {
      if (this.#recording?.folder === recording.folder)
        this.server.setRecording({ folder: recording.folder, ended: true });
    });
  }

  async openPlace(place: NodePlace): Promise<void> {
    await this.#openSource(
      { ...place, sinceLine: place.line, preview: false },
      this.#recording?.folders ?? [],
    );
  }

  /** Folders that running programs of this window record into. */
  get runningFolders(): readonly string[] {
    return this.#programs.folders;
  }

  /** A program begins under the built-in debugger; what its session's end tells is its end. */
  showDebugged(recording: RecordingInfo, ended: Promise<void>): void {
    this.#setRecording(recording);
    this.#lastRecording.store(recording);
    const words = vscode.l10n.t('{0} is no longer debugged.', recording.name);
    this.panel.setSource(liveSource({ ...recording, ended: ended.then(() => words) }));
    this.server.setRecording({ folder: recording.folder, ended: false });
    void ended.then(() => {
      if (this.#recording?.folder === recording.folder)
        this.server.setRecording({ folder: recording.folder, ended: true });
    });
  }

  refuseUntrusted(): void {
    const words = vscode.l10n.t('Simul runs programs only in a workspace that you trust.');
    const manage = vscode.l10n.t('Manage Trust');
    this.log.warn(words);
    void vscode.window.showErrorMessage(words, manage).then((answer) => {
      if (answer === manage) void vscode.commands.executeCommand('workbench.trust.manage');
    });
  }

  markDone(step: keyof typeof WALKTHROUGH_KEYS): void {
    void vscode.commands.executeCommand('setContext', WALKTHROUGH_KEYS[step], true);
  }

  showError(words: string): void {
    this.log.warn(words);
    void vscode.window.showErrorMessage(shownText(words));
  }

  /** Fills a panel that was open before the window was reloaded, with the recording it showed. */
  restorePanel(view: vscode.WebviewPanel): void {
    const last = this.#lastRecording.load();
    if (this.panel.source === null && last !== null) {
      this.#setRecording(last);
      const words = vscode.l10n.t('{0} was recorded before this window was reloaded.', last.name);
      this.#statusItem.showEnded(words);
      this.panel.setSource(
        liveSource({
          ...last,
          ended: words,
        }),
      );
      this.server.setRecording({ folder: last.folder, ended: false, ...listedOf(last) });
    }
    this.panel.adoptView(view);
  }

  async dispose(): Promise<void> {
    this.#programs.dispose();
    this.panel.dispose();
    this.#statusItem.dispose();
    this.#runningChanged.dispose();
    this.#recordingChanged.dispose();
    await this.server.dispose();
  }

  #show(session: ProgramSession): void {
    const { name, folders } = session;
    const folder = session.launch.recording;
    const shown = this.#recording;
    // What is shown already goes on, with one program more.
    const recording =
      shown?.folder === folder && this.runningFolders.includes(folder)
        ? { folder, name: `${shown.name}, ${name}`, folders: [...new Set([...shown.folders, ...folders])] }
        : { folder, name, folders };
    this.#programs.add(session);
    void session.ended.then(({ words }) => {
      this.log.info(words);
      this.#lastEnd = words;
    });
    const ended = this.#programs.endOf(folder).then(({ words }) => words);
    this.#setRecording(recording);
    this.#lastRecording.store(recording);
    this.panel.showSource(
      liveSource({ ...recording, ended, wasStopped: () => this.#programs.wasStopped(folder) }),
    );
    this.server.setRecording({ folder, ended: false });
    void ended.then(() => {
      // Meanwhile another program may be the one that is shown.
      if (this.#recording?.folder === folder) this.server.setRecording({ folder, ended: true });
    });
  }

  #showPrograms(): void {
    const { names } = this.#programs;
    this.#runningChanged.fire();
    if (names.length > 0) this.#statusItem.showRunning(names);
    else this.#statusItem.showEnded(this.#lastEnd);
  }

  #setRecording(recording: RecordingInfo): void {
    this.#recording = recording;
    this.#recordingChanged.fire();
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.hasRecording, true);
  }
}

/** Of a recording that this window did not make, the workspace's files alone are listed. */
const listedOf = ({ folders }: RecordingInfo): { readonly within?: readonly string[] } =>
  folders.length > 0
    ? {}
    : { within: (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath) };
