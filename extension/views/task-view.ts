/** The view *Tasks*: every living task of the moment, by process, thread and parent. */
import * as vscode from 'vscode';
import type { DoneNow, TaskNode } from '../../runtime/trace/messages/moment.ts';
import { duration } from '../../runtime/trace/words/duration.ts';
import { shownText } from '../panel/shown-text.ts';
import type { LiveSessions } from '../debug/live-sessions.ts';
import { momentMessage } from './moment-message.ts';
import type { PinnedTasks } from './pinned-tasks.ts';
import type { ShownMoment } from './shown-moment.ts';

export const TASK_VIEW = 'simul.tasks';

/** Each state has a glyph of its own, and its word stands beside it. */
const ICONS: Readonly<Record<DoneNow, string>> = {
  run: 'play',
  ready: 'circle-large-outline',
  wait: 'watch',
  paused: 'debug-pause',
};

export class TaskView implements vscode.TreeDataProvider<TaskNode> {
  readonly #moment: ShownMoment;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #pinned: PinnedTasks;
  readonly #live: LiveSessions;
  #tree: vscode.TreeView<TaskNode> | null = null;

  constructor(moment: ShownMoment, pinned: PinnedTasks, live: LiveSessions) {
    this.#live = live;
    this.#moment = moment;
    this.#pinned = pinned;
  }

  register(): vscode.Disposable[] {
    const tree = vscode.window.createTreeView(TASK_VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.#tree = tree;
    this.#moment.setWatched(TASK_VIEW, tree.visible);
    return [
      tree,
      this.#changed,
      tree.onDidChangeVisibility(({ visible }) => this.#moment.setWatched(TASK_VIEW, visible)),
      this.#pinned.onDidChange(() => this.#changed.fire()),
      this.#live.onDidChangeHeld(() => this.#changed.fire()),
      this.#moment.onDidChange(() => this.#update()),
    ];
  }

  getChildren(node?: TaskNode): TaskNode[] {
    if (node !== undefined) return [...node.children];
    const tasks = this.#moment.view?.tasks ?? [];
    return [...this.#pinned.of(tasks), ...tasks];
  }

  getTreeItem(node: TaskNode): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const opened = node.kind === 'group' ? Collapsed : Expanded;
    const item = new vscode.TreeItem(node.name, node.children.length === 0 ? None : opened);
    const isPin = this.#pinned.isPin(node);
    // What gets children is another item: the view would remember it as closed.
    item.id = `${isPin ? 'pin ' : ''}${node.key}${node.children.length === 0 ? '' : ' +'}`;
    const since = node.forNs === null ? '' : vscode.l10n.t('for {0}', duration(node.forNs));
    const at = node.place === null ? '' : `${fileName(node.place.file)}:${node.place.line}`;
    const isFrozen = this.#isFrozen(node);
    item.description = [
      isFrozen ? vscode.l10n.t('frozen by you') : '',
      [node.words, since].filter((word) => word !== '').join(' '),
      at,
    ]
      .filter((word) => word !== '')
      .join(' — ');
    item.tooltip = [node.name, item.description].join('\n');
    item.iconPath = new vscode.ThemeIcon(isFrozen ? 'debug-disconnect' : iconOf(node, isPin));
    item.contextValue = node.kind === 'task' ? this.#contextOf(node, isPin) : node.kind;
    if (node.task !== null || node.place !== null)
      item.command = {
        command: 'simul.goToTask',
        title: vscode.l10n.t('Go to the Task'),
        arguments: [{ task: node.task, place: node.place }],
      };
    return item;
  }

  #isFrozen({ task }: TaskNode): boolean {
    return task !== null && this.#moment.mode !== 'replayed' && this.#live.isFrozen(task);
  }

  #contextOf(node: TaskNode, isPin: boolean): string {
    const { mode } = this.#moment;
    if (this.#live.isLive && (mode === 'live' || mode === 'paused'))
      return this.#isFrozen(node) ? 'frozenTask' : 'liveTask';
    return isPin ? 'pinnedTask' : 'task';
  }

  getParent(): undefined {
    return undefined;
  }

  #update(): void {
    this.#changed.fire();
    const tree = this.#tree;
    if (tree === null) return;
    const { view } = this.#moment;
    const message = momentMessage(this.#moment);
    // Without one the view shows its welcome, where nothing is recorded.
    if (message === undefined) delete tree.message;
    else tree.message = message;
    tree.badge =
      this.#moment.mode === 'paused' && view !== null
        ? { value: view.waiting, tooltip: vscode.l10n.t('{0} tasks wait', view.waiting) }
        : undefined;
  }
}

function iconOf({ kind, state }: TaskNode, isPin: boolean): string {
  if (isPin) return 'pinned';
  if (kind === 'process') return 'server-process';
  if (kind === 'thread') return 'symbol-namespace';
  if (kind === 'group') return 'layers';
  return state === null ? 'ellipsis' : ICONS[state];
}

/** As the person knows it; what a trace says is no markup. */
export const fileName = (file: string): string => shownText(file.split(/[\\/]/).at(-1) ?? '');
