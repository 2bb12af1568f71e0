/**
 * Does in the panel what one of its keys does, so that every one of them can be bound to another
 * key: `{ "command": "simul.panelAction", "args": "zoomIn" }`. Without an argument the user
 * chooses.
 */
import * as vscode from 'vscode';
import { PANEL_ACTIONS, type PanelAction } from '../../runtime/trace/messages/panel.ts';
import type { CommandFactory } from './context.ts';

export const panelAction: CommandFactory = (context) => async (wanted?: unknown) => {
  const action = PANEL_ACTIONS.find((name) => name === wanted) ?? (await chooseAction());
  if (action !== undefined) context.panel.sendAction(action);
};

async function chooseAction(): Promise<PanelAction | undefined> {
  return (await vscode.window.showQuickPick([...PANEL_ACTIONS], {
    title: vscode.l10n.t('What to do in the panel'),
  })) as PanelAction | undefined;
}
