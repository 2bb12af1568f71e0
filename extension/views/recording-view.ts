/**
 * The view *Recordings*: the programs that run under trace, those of terminals too, and what has
 * ended. It reads folders while it is seen, and ends no program unasked.
 */
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ListedRecording } from '../../runtime/launch/list-recordings.ts';
import { MAX_RECORDINGS, recordingsFolder } from '../../runtime/launch/recordings.ts';
import { shownText } from '../panel/shown-text.ts';

export const RECORDING_VIEW = 'simul.recordings';

const REFRESH_MS = 2000;

/** It folds records; activation must not wait for that code. */
const readsRecordings = () => import('../../runtime/launch/list-recordings.ts');

export interface RecordingItem extends ListedRecording {
  readonly isRunning: boolean;
  /** This window runs it, and can stop it. */
  readonly isOwn: boolean;
}

export interface RecordingViewOptions {
  /** Where this window's recordings are. */
  readonly storage: string;
  /** Folders of the recordings that programs of this window write. */
  running(): readonly string[];
  readonly onDidChangeRunning: vscode.Event<void>;
}

export class RecordingView implements vscode.TreeDataProvider<RecordingItem> {
  readonly #options: RecordingViewOptions;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  #timer: NodeJS.Timeout | null = null;
  #listed = '';

  constructor(options: RecordingViewOptions) {
    this.#options = options;
  }

  register(): vscode.Disposable[] {
    const tree = vscode.window.createTreeView(RECORDING_VIEW, { treeDataProvider: this });
    this.#watch(tree.visible);
    return [
      tree,
      this.#changed,
      tree.onDidChangeVisibility(({ visible }) => this.#watch(visible)),
      this.#options.onDidChangeRunning(() => this.#changed.fire()),
      { dispose: () => this.#watch(false) },
    ];
  }

  async getChildren(): Promise<RecordingItem[]> {
    const items = await this.#list();
    this.#listed = textOf(items);
    return items;
  }

  getTreeItem(recording: RecordingItem): vscode.TreeItem {
    const { folder, name, atMs, isRunning, isOwn } = recording;
    const item = new vscode.TreeItem(shownText(name));
    item.id = folder;
    const at = new Date(atMs).toLocaleString(vscode.env.language);
    item.description = isRunning ? vscode.l10n.t('runs') : at;
    item.tooltip = shownText(folder);
    item.iconPath = new vscode.ThemeIcon(isRunning ? 'record' : 'pulse');
    item.contextValue = isRunning ? (isOwn ? 'ownRunningRecording' : 'runningRecording') : 'recording';
    item.command = {
      command: 'simul.openTrace',
      title: vscode.l10n.t('Open Trace'),
      arguments: [vscode.Uri.file(folder)],
    };
    return item;
  }

  #watch(isSeen: boolean): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = isSeen ? setInterval(() => void this.#lookAgain(), REFRESH_MS) : null;
  }

  async #lookAgain(): Promise<void> {
    if (textOf(await this.#list()) !== this.#listed) this.#changed.fire();
  }

  async #list(): Promise<RecordingItem[]> {
    const { listRecordings, isBeingWritten } = await readsRecordings();
    const parents = [join(this.#options.storage, 'recordings'), recordingsFolder()];
    const own = new Set(this.#options.running());
    return listRecordings(parents, MAX_RECORDINGS)
      .map((recording) => ({
        ...recording,
        isOwn: own.has(recording.folder),
        isRunning: own.has(recording.folder) || isBeingWritten(recording.folder),
      }))
      .sort((a, b) => Number(b.isRunning) - Number(a.isRunning));
  }
}

const textOf = (items: readonly RecordingItem[]): string =>
  items.map(({ folder, isRunning, name }) => `${folder} ${isRunning} ${name}`).join('\n');
