/** The status bar's one quiet item: what is being recorded, and how to stop it. Nothing when nothing is. */
import * as vscode from 'vscode';

export class Status {
  readonly #item = vscode.window.createStatusBarItem('simul.status', vscode.StatusBarAlignment.Left, -10);

  constructor() {
    this.#item.name = 'Simul';
  }

  recording(name: string): void {
    this.#item.text = `$(record) ${name}`;
    this.#item.tooltip = vscode.l10n.t('Simul traces {0}. Click to stop it.', name);
    this.#item.command = 'simul.stop';
    this.#item.accessibilityInformation = { label: this.#item.tooltip, role: 'button' };
    this.#item.show();
    void vscode.commands.executeCommand('setContext', 'simul.running', true);
  }

  stopped(words: string): void {
    this.#item.text = '$(pulse) Simul';
    this.#item.tooltip = vscode.l10n.t('{0} Click to show the trace.', words);
    this.#item.command = 'simul.showPanel';
    this.#item.accessibilityInformation = { label: this.#item.tooltip, role: 'button' };
    void vscode.commands.executeCommand('setContext', 'simul.running', false);
  }

  dispose(): void {
    this.#item.dispose();
  }
}
