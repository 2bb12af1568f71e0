/** The view *Resources*: queues, locks, limiters and pools, with who holds them and who waits. */
import * as vscode from 'vscode';
import type { ResourceNode, TaskUse } from '../../runtime/trace/messages/moment.ts';
import { momentMessage } from './moment-message.ts';
import type { ShownMoment } from './shown-moment.ts';
import { fileName } from './task-view.ts';

export const RESOURCE_VIEW = 'simul.resources';

type Node =
  | { readonly kind: 'resource'; readonly resource: ResourceNode }
  | { readonly kind: 'use'; readonly resource: ResourceNode; readonly use: TaskUse; readonly holds: boolean }
  | { readonly kind: 'more'; readonly key: string; readonly count: number };

export class ResourceView implements vscode.TreeDataProvider<Node> {
  readonly #moment: ShownMoment;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(moment: ShownMoment) {
    this.#moment = moment;
  }

  register(): vscode.Disposable[] {
    const tree = vscode.window.createTreeView(RESOURCE_VIEW, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    this.#moment.setWatched(RESOURCE_VIEW, tree.visible);
    return [
      tree,
      this.#changed,
      tree.onDidChangeVisibility(({ visible }) => this.#moment.setWatched(RESOURCE_VIEW, visible)),
      this.#moment.onDidChange(() => {
        this.#changed.fire();
        const { view } = this.#moment;
        const isEmpty = view !== null && view.resources.length === 0;
        const message = isEmpty
          ? vscode.l10n.t('No queue, lock, limiter or pool is there at this moment.')
          : momentMessage(this.#moment);
        if (message === undefined) delete tree.message;
        else tree.message = message;
      }),
    ];
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) {
      const { resources = [], moreResources = 0 } = this.#moment.view ?? {};
      const nodes = resources.map((resource): Node => ({ kind: 'resource', resource }));
      return moreResources === 0 ? nodes : [...nodes, { kind: 'more', key: 'all', count: moreResources }];
    }
    if (node.kind !== 'resource') return [];
    const { resource } = node;
    const { holders, waiters, more, key } = resource;
    return [
      ...holders.map((use): Node => ({ kind: 'use', resource, use, holds: true })),
      ...waiters.map((use): Node => ({ kind: 'use', resource, use, holds: false })),
      ...(more === 0 ? [] : [{ kind: 'more', key, count: more } as const]),
    ];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const { Expanded, None } = vscode.TreeItemCollapsibleState;
    if (node.kind === 'more') {
      const item = new vscode.TreeItem(vscode.l10n.t('… {0} more', node.count), None);
      item.id = `more ${node.key}`;
      return item;
    }
    if (node.kind === 'use') return useItem(node);
    const { key, name, kind, words, holders, waiters, place } = node.resource;
    const hasChildren = holders.length + waiters.length > 0;
    const item = new vscode.TreeItem(name, hasChildren ? Expanded : None);
    item.id = hasChildren ? `${key} +` : key;
    item.description = [kind === 'foreign' ? '' : kind, words].filter((word) => word !== '').join(', ');
    item.tooltip = [name, item.description].join('\n');
    item.iconPath = new vscode.ThemeIcon(ICONS[kind] ?? 'symbol-object');
    item.contextValue = 'resource';
    if (place !== null) item.command = goTo({ task: null, place });
    return item;
  }
}

const ICONS: Readonly<Record<string, string>> = {
  queue: 'list-ordered',
  'priority-queue': 'list-ordered',
  'lifo-queue': 'list-ordered',
  lock: 'lock',
  rlock: 'lock',
  semaphore: 'dashboard',
  pool: 'server',
  connections: 'plug',
  event: 'symbol-event',
};

function useItem({ resource, use, holds }: Extract<Node, { readonly kind: 'use' }>): vscode.TreeItem {
  const item = new vscode.TreeItem(use.name);
  item.id = `${resource.key} ${holds ? 'holds' : 'waits'} ${use.task}`;
  const at = use.place === null ? '' : ` — ${fileName(use.place.file)}:${use.place.line}`;
  item.description = `${holds ? vscode.l10n.t('holds it') : vscode.l10n.t('waits')}${at}`;
  item.iconPath = new vscode.ThemeIcon(holds ? 'key' : 'watch');
  item.contextValue = 'use';
  item.command = goTo({ task: use.task, place: use.place });
  return item;
}

const goTo = (target: object): vscode.Command => ({
  command: 'simul.goToTask',
  title: vscode.l10n.t('Go to the Task'),
  arguments: [target],
});
