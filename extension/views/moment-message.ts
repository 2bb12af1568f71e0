/** The sentence above a view: which moment it shows. */
import * as vscode from 'vscode';
import { duration } from '../../runtime/trace/words/duration.ts';
import type { ShownMoment } from './shown-moment.ts';

/** Undefined: there is nothing to show, and the view's welcome says what to do. */
export function momentMessage({ mode, view, pausedWords }: ShownMoment): string | undefined {
  if (view === null || mode === 'none') return undefined;
  const at = duration(view.timeNs);
  const tasks = vscode.l10n.t('{0} tasks, {1} of them wait', view.living, view.waiting);
  switch (mode) {
    case 'replayed':
      return vscode.l10n.t('Replayed, {0}: {1}', at, tasks);
    case 'paused':
      return vscode.l10n.t('{0}: {1}', pausedWords ?? '', tasks);
    case 'live':
      return vscode.l10n.t('Live, {0}: {1}', at, tasks);
    case 'ended':
      return view.living === 0
        ? vscode.l10n.t('The program has ended after {0}: no task is left.', at)
        : vscode.l10n.t('At the end, {0}: {1}', at, tasks);
  }
}
