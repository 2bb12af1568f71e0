/**
 * A quick fix on a line that imports `simul` where it is not installed: it adds the library. The
 * line shows no error, since typescript-plugin resolves the import.
 */
import * as vscode from 'vscode';
import { isInstalledFor } from './install-library.ts';

const IMPORTS = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*(['"])simul(?:\/trace)?\1/;

export class LibraryFix implements vscode.CodeActionProvider {
  static readonly kinds: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const { line } = range.start;
    if (!IMPORTS.test(document.lineAt(line).text) || isInstalledFor(document.fileName)) return [];
    const title = vscode.l10n.t('Add the Simul library to this project');
    const fix = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    fix.command = { command: 'simul.addLibrary', title, arguments: [document.uri] };
    return [fix];
  }
}
