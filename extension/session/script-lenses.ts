/** The lens "Trace with Simul" above each script of a package.json. */
import * as vscode from 'vscode';
import { scriptsIn } from './package-scripts.ts';

export const SCRIPT_COMMAND = 'simul.traceScript';

export class ScriptLenses implements vscode.CodeLensProvider, vscode.Disposable {
  static readonly selector: vscode.DocumentSelector = {
    scheme: 'file',
    pattern: '**/package.json',
  };

  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #listeners = [
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('simul.codeLens')) this.#changed.fire();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire()),
  ];

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const settings = vscode.workspace.getConfiguration('simul', document.uri);
    if (!vscode.workspace.isTrusted || !settings.get('codeLens', true)) return [];
    return scriptsIn(document.getText()).map(
      ({ name, line }) =>
        new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
          title: vscode.l10n.t('▷ Trace with Simul'),
          command: SCRIPT_COMMAND,
          arguments: [{ file: document.uri.fsPath, name }],
        }),
    );
  }
}
