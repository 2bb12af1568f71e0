/** The view *Breakpoints on Events*: a box for each event at which debuggers stop. */
import * as vscode from 'vscode';
import { STOP_EVENTS, type StopEvent } from '../../runtime/trace/format/stop-events.ts';
import type { EventStops } from '../debug/event-stops.ts';

export const EVENT_VIEW = 'simul.events';

export class EventView implements vscode.TreeDataProvider<StopEvent> {
  readonly #stops: EventStops;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(stops: EventStops) {
    this.#stops = stops;
  }

  register(): vscode.Disposable[] {
    const tree = vscode.window.createTreeView(EVENT_VIEW, { treeDataProvider: this });
    const { Checked } = vscode.TreeItemCheckboxState;
    return [
      tree,
      this.#changed,
      tree.onDidChangeCheckboxState(({ items }) =>
        this.#stops.set(items.map(([event, state]) => [event, state === Checked] as const)),
      ),
      this.#stops.onDidChange(() => this.#changed.fire()),
    ];
  }

  getChildren(event?: StopEvent): StopEvent[] {
    return event === undefined ? [...STOP_EVENTS] : [];
  }

  getTreeItem(event: StopEvent): vscode.TreeItem {
    const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
    const { label, tooltip } = wordsOf(event);
    const item = new vscode.TreeItem(label);
    item.id = event;
    item.tooltip = tooltip;
    item.checkboxState = this.#stops.on.includes(event) ? Checked : Unchecked;
    return item;
  }
}

function wordsOf(event: StopEvent): { readonly label: string; readonly tooltip: string } {
  switch (event) {
    case 'queue-full':
      return {
        label: vscode.l10n.t('A queue is full'),
        tooltip: vscode.l10n.t('An item was put, and the queue has no room left.'),
      };
    case 'queue-empty':
      return {
        label: vscode.l10n.t('A queue is empty'),
        tooltip: vscode.l10n.t('The last item was taken out of a queue.'),
      };
    case 'lock-taken':
      return {
        label: vscode.l10n.t('A lock is taken'),
        tooltip: vscode.l10n.t('A task has taken a lock.'),
      };
    case 'failed':
      return {
        label: vscode.l10n.t('A task fails'),
        tooltip: vscode.l10n.t('A task ended with an error, be it handled or not.'),
      };
    case 'cancelled':
      return {
        label: vscode.l10n.t('A task is cancelled'),
        tooltip: vscode.l10n.t('A task ended because it was asked to.'),
      };
  }
}
