/** The one item in the status bar: the traced program, and how to stop it. Hidden before that. */
import * as vscode from 'vscode';
import { CONTEXT_KEYS } from './context-keys.ts';

export class StatusItem {
  readonly #item = vscode.window.createStatusBarItem('simul.status', vscode.StatusBarAlignment.Left, -10);

  constructor() {
    this.#item.name = 'Simul';
  }

  showRunning(name: string): void {
    this.#item.text = `$(record) ${name}`;
    this.#item.tooltip = vscode.l10n.t('Simul traces {0}. Click to stop it.', name);
    this.#item.command = 'simul.stop';
    this.#item.accessibilityInformation = { label: this.#item.tooltip, role: 'button' };
    this.#item.show();
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.running, true);
  }

  showEnded(words: string): void {
    this.#item.text = '$(pulse) Simul';
    this.#item.tooltip = vscode.l10n.t('{0} Click to show the trace.', words);
    this.#item.command = 'simul.showPanel';
    this.#item.accessibilityInformation = { label: this.#item.tooltip, role: 'button' };
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.running, false);
  }

  dispose(): void {
    this.#item.dispose();
  }
}
