/** The lens "Trace with Simul" above each script of a package.json. */
import * as vscode from 'vscode';
import { scriptsIn } from './package-scripts.ts';

export const SCRIPT_COMMAND = 'simul.traceScript';

export class ScriptLenses implements vscode.CodeLensProvider {
  static readonly selector: vscode.DocumentSelector = {
    scheme: 'file',
    pattern: '**/package.json',
  };

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
