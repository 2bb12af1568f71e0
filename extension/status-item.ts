/** The one item in the status bar: the traced programs, and how to stop them; hidden before. */
import * as vscode from 'vscode';
import { shownText } from './panel/shown-text.ts';
import { CONTEXT_KEYS } from './context-keys.ts';

export class StatusItem {
  readonly #item = vscode.window.createStatusBarItem('simul.status', vscode.StatusBarAlignment.Left, -10);

  constructor() {
    this.#item.name = 'Simul';
  }

  /** @param names at least one */
  showRunning(names: readonly string[]): void {
    const all = shownText(names.join(', '));
    const [only, ...others] = names.map(shownText);
    this.#item.text = `$(record) ${others.length === 0 ? only : vscode.l10n.t('{0} programs', names.length)}`;
    this.#item.tooltip = vscode.l10n.t('Simul traces {0}. Click to stop it.', all);
    if (others.length > 0) this.#item.tooltip = vscode.l10n.t('Simul traces {0}. Click to stop one.', all);
    this.#item.command = 'simul.stop';
    this.#describe();
    this.#item.show();
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.running, true);
  }

  showEnded(words: string): void {
    this.#item.text = '$(pulse) Simul';
    this.#item.tooltip = vscode.l10n.t('{0} Click to show the trace.', shownText(words));
    this.#item.command = 'simul.showPanel';
    this.#describe();
    this.#item.show();
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.running, false);
  }

  dispose(): void {
    this.#item.dispose();
  }

  #describe(): void {
    this.#item.accessibilityInformation = { label: String(this.#item.tooltip), role: 'button' };
  }
}
