/** What the views say of a pause of the live debugger: "Paused in consumer#2 at a full queue". */
import * as vscode from 'vscode';
import type { MomentView, TaskNode } from '../../runtime/trace/messages/moment.ts';
import { isStopEvent, RESOURCE_STOP } from '../../runtime/trace/format/stop-events.ts';
import type { LivePause } from '../debug/live-sessions.ts';

export function pausedWords(pause: LivePause, view: MomentView | null): string {
  const name = view === null ? undefined : nameOf(view.tasks, pause.task);
  const where = eventWords(pause.event);
  if (name === undefined) return where === '' ? vscode.l10n.t('Paused') : vscode.l10n.t('Paused: {0}', where);
  if (where === '') return vscode.l10n.t('Paused in {0}', name);
  return vscode.l10n.t('Paused in {0}: {1}', name, where);
}

/** Of the first process with a task of this number: no record tells which one is debugged. */
function nameOf(nodes: readonly TaskNode[], task: number): string | undefined {
  for (const node of nodes) {
    if (node.task?.endsWith(`:${task}`) === true) return node.name;
    const found = nameOf(node.children, task);
    if (found !== undefined) return found;
  }
  return undefined;
}

function eventWords(event: string): string {
  if (event === 'step') return vscode.l10n.t('it goes on');
  if (event === RESOURCE_STOP) return vscode.l10n.t('a data breakpoint');
  if (!isStopEvent(event)) return '';
  switch (event) {
    case 'queue-full':
      return vscode.l10n.t('a queue is full');
    case 'queue-empty':
      return vscode.l10n.t('a queue is empty');
    case 'lock-taken':
      return vscode.l10n.t('a lock is taken');
    case 'failed':
      return vscode.l10n.t('a task fails');
    case 'cancelled':
      return vscode.l10n.t('a task is cancelled');
  }
}
