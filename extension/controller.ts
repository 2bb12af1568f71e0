/**
 * What the extension does, with the parts that do it: commands come in here, the panel asks here.
 * One program is traced at a time; a new one replaces it.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import { newRecording } from '../runtime/launch/recordings.ts';
import type { FromPanel } from '../runtime/trace/messages/panel.ts';
import type { Actions } from './commands.ts';
import type { LanguageServerClient } from './language-client.ts';
import { addLibrary, projectOf } from './library/add-library.ts';
import { SourceOpener } from './panel/open-source.ts';
import type { TraceSource } from './panel/trace-source.ts';
import { Panel } from './panel/panel.ts';
import { findNode } from './session/find-node.ts';
import { LastRecording, type Recorded } from './session/last-recording.ts';
import { liveRecording } from './session/live-recording.ts';
import { ProgramSession } from './session/program-session.ts';
import { Status } from './status.ts';

const RUNNABLE = /\.(?:[mc]?ts|tsx|[mc]?js|jsx)$/i;
const EXAMPLE = 'producers-consumers.ts';
/** With what the editor needs to find no fault with it. */
const EXAMPLE_FILES = [EXAMPLE, 'tsconfig.json', 'node-timers.d.ts'];

export class Controller implements Actions {
  readonly panel: Panel;
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #languages: LanguageServerClient;
  readonly #status = new Status();
  readonly #sources = new SourceOpener();
  #session: ProgramSession | null = null;
  readonly #last: LastRecording;
  #recording: Recorded | null = null;

  constructor(
    context: vscode.ExtensionContext,
    log: vscode.LogOutputChannel,
    languages: LanguageServerClient,
  ) {
    this.#context = context;
    this.#log = log;
    this.#languages = languages;
    this.#last = new LastRecording(context.workspaceState);
    this.panel = new Panel(context.extensionUri, { asked: (message, played) => this.asked(message, played) });
  }

  async trace(uri: vscode.Uri): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      return this.#refuse(
        vscode.l10n.t(
          'Simul runs programs only in a workspace that you trust. Opening a saved trace works here.',
        ),
      );
    }
    const file = uri.scheme === 'file' ? uri.fsPath : null;
    if (file === null || !RUNNABLE.test(file)) {
      return this.#refuse(
        vscode.l10n.t(
          'Simul traces TypeScript and JavaScript files on disk; {0} is not one.',
          basename(uri.path),
        ),
      );
    }
    if (!(await saved(uri))) {
      return this.#refuse(vscode.l10n.t('{0} could not be saved, so it was not run.', basename(file)));
    }
    const node = await findNode({
      setting: vscode.workspace.getConfiguration('simul', uri).get('nodePath', ''),
      env: process.env,
      platform: process.platform,
    });
    if (!node.found) return this.#refuse(node.words);
    await this.stop();

    const storage = (this.#context.storageUri ?? this.#context.globalStorageUri).fsPath;
    const made = newRecording(join(storage, 'recordings'));
    if ('trouble' in made) return this.#refuse(vscode.l10n.t('Nothing was run: {0}.', made.trouble));
    if (made.warning !== null) this.#log.warn(made.warning);
    const recording = made.folder;
    const session = new ProgramSession({
      node: node.path,
      cli: vscode.Uri.joinPath(this.#context.extensionUri, 'dist', 'cli.js').fsPath,
      recording,
      file,
      cwd: workingFolder(uri),
    });
    this.#log.info(`${node.path} ${node.version} traces ${file} into ${recording}`);
    await this.#run(session);
  }

  async stop(): Promise<void> {
    const session = this.#session;
    if (session === null || !session.running) return;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Stopping {0}', session.name) },
      () => session.stop(),
    );
  }

  async tryIt(): Promise<void> {
    const home = vscode.Uri.joinPath(this.#context.globalStorageUri, 'try');
    const to = vscode.Uri.joinPath(home, EXAMPLE);
    try {
      await mkdir(home.fsPath, { recursive: true });
      for (const name of EXAMPLE_FILES) {
        const from = vscode.Uri.joinPath(this.#context.extensionUri, 'examples', name);
        await copyFile(from.fsPath, join(home.fsPath, name));
      }
    } catch (error) {
      return this.#refuse(
        vscode.l10n.t('The example cannot be copied to {0}: {1}', home.fsPath, String(error)),
      );
    }
    await vscode.window.showTextDocument(to, { viewColumn: vscode.ViewColumn.One, preview: false });
    await this.trace(to);
  }

  showPanel(): void {
    this.panel.show(false);
  }

  async openTrace(uri: vscode.Uri | undefined): Promise<void> {
    const chosen =
      uri ??
      (
        await vscode.window.showOpenDialog({
          title: vscode.l10n.t('Open a trace'),
          filters: { [vscode.l10n.t('Simul traces')]: ['simul'] },
        })
      )?.[0];
    if (chosen) await vscode.commands.executeCommand('vscode.openWith', chosen, 'simul.trace');
  }

  async saveTrace(): Promise<void> {
    const recording = this.#recording;
    if (recording === null) {
      return this.#refuse(vscode.l10n.t('There is no recording to save yet: trace a file first.'));
    }
    const folder =
      vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(recording.folders[0] ?? '/');
    const name = `${basename(recording.name, extname(recording.name))}.simul`;
    const target = await vscode.window.showSaveDialog({
      title: vscode.l10n.t('Save the trace'),
      defaultUri: vscode.Uri.joinPath(folder, name),
      filters: { [vscode.l10n.t('Simul traces')]: ['simul'] },
    });
    if (!target) return;
    if (target.scheme !== 'file') return this.#refuse(vscode.l10n.t('A trace can be saved on a disk only.'));
    const answer = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Saving {0}', basename(target.fsPath)),
      },
      () => this.#languages.save({ folder: recording.folder, file: target.fsPath }),
    );
    if (!answer.saved) return this.#refuse(vscode.l10n.t('Not saved: {0}.', answer.words));
    for (const words of answer.troubles) this.#log.warn(words);
    const open = vscode.l10n.t('Open');
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t(
        'Saved {0}: {1} records in {2} KiB.',
        basename(target.fsPath),
        answer.records,
        Math.ceil(answer.bytes / 1024),
      ),
      open,
    );
    if (chosen === open) await this.openTrace(target);
  }

  revealSite(file: string, line: number): void {
    this.panel.reveal(file, line);
  }

  /** Into the project of a file; of the one folder that is open where there is no file. */
  async addLibrary(uri: vscode.Uri | undefined): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      return this.#refuse(vscode.l10n.t('Simul adds its library only to a workspace that you trust.'));
    }
    const file = uri?.scheme === 'file' ? uri : undefined;
    const folder = file ? vscode.workspace.getWorkspaceFolder(file) : await openFolder();
    const limit = folder?.uri.fsPath ?? (file && dirname(file.fsPath));
    if (limit === undefined) {
      return this.#refuse(
        vscode.l10n.t('Open a folder or a file first: the library is added to its project.'),
      );
    }
    const added = addLibrary(this.#context.extensionUri.fsPath, file ? projectOf(file.fsPath, limit) : limit);
    if (!added.done) return this.#refuse(added.words);
    this.#log.info(added.words);
    void vscode.window.showInformationMessage(added.words);
  }

  /** What a page asks for that is not about the flow of blocks. */
  asked(message: Exclude<FromPanel, { type: 'ready' | 'credit' }>, played: TraceSource | null): void {
    switch (message.type) {
      case 'source':
        void this.#sources
          .open(message, played?.folders ?? [])
          .catch((error: unknown) => this.#log.error(String(error)));
        break;
      case 'command':
        if (message.command === 'saveTrace' && played?.mode === 'file') {
          void vscode.window.showInformationMessage(
            vscode.l10n.t('{0} is a saved trace already.', played.name),
          );
          break;
        }
        void vscode.commands.executeCommand(`simul.${message.command}`);
        break;
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        break;
      case 'fault':
        this.#log.error(`In the panel: ${message.words}`);
        break;
    }
  }

  /** Shows the last recording again after the window was reloaded. */
  restore(panel: vscode.WebviewPanel): void {
    const last = this.#last.read();
    if (this.panel.played === null && last !== null) {
      this.#keep(last);
      this.panel.offer(
        liveRecording({
          ...last,
          ended: vscode.l10n.t('{0} was recorded before this window was reloaded.', last.name),
        }),
      );
      this.#languages.recording(last.folder, false);
    }
    this.panel.adopt(panel);
  }

  async dispose(): Promise<void> {
    this.#session?.dispose();
    this.panel.dispose();
    this.#status.dispose();
    this.#sources.dispose();
    await this.#languages.dispose();
  }

  async #run(session: ProgramSession): Promise<void> {
    const { recording } = session.order;
    this.#session = session;
    const recorded = { folder: recording, name: session.name, folders: session.folders };
    this.#keep(recorded);
    this.#last.write(recorded);
    this.#status.recording(session.name);
    this.panel.play(
      liveRecording({
        ...recorded,
        ended: session.ended.then(({ words }) => words),
        wasStopped: () => session.wasStopped,
      }),
    );
    this.#languages.recording(recording, false);
    void session.ended.then(({ words }) => {
      this.#log.info(words);
      this.#languages.recording(recording, true);
      if (this.#session === session) this.#status.stopped(words);
    });
    try {
      const start = session.start();
      void vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Starting {0}', session.name) },
        () => session.started,
      );
      await start;
    } catch (error) {
      this.#refuse(vscode.l10n.t('{0} could not be started: {1}', session.name, String(error)));
    }
  }

  #keep(recorded: Recorded): void {
    this.#recording = recorded;
    void vscode.commands.executeCommand('setContext', 'simul.hasRecording', true);
  }

  #refuse(words: string): void {
    this.#log.warn(words);
    void vscode.window.showErrorMessage(words);
  }
}

/** The one that is open; asked for where there are several. */
async function openFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const { workspaceFolders = [] } = vscode.workspace;
  return workspaceFolders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : workspaceFolders[0];
}

/** What runs is what the editor shows: an unsaved file is saved first. */
async function saved(uri: vscode.Uri): Promise<boolean> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  return document === undefined || !document.isDirty || (await document.save());
}

/**
 * Where the program stands when it starts: the workspace's folder, else its own. A window without any folder
 * starts terminals in the home folder alone (a remote one refuses others), so there a program starts at home, too.
 */
function workingFolder(uri: vscode.Uri): string {
  if (!vscode.workspace.workspaceFolders?.length) return homedir();
  return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? dirname(uri.fsPath);
}
