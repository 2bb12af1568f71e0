/**
 * The composition root: what VS Code calls first. It builds the parts, ties them to commands and
 * views, and returns at once; the language server starts afterwards. It traces nothing by itself.
 */
import * as vscode from 'vscode';
import { COMMANDS } from './commands.ts';
import { LANGUAGES, LanguageServerClient } from './language-client.ts';
import { LibraryFix } from './library/library-fix.ts';
import { PANEL_VIEW } from './panel/panel.ts';
import { Controller } from './controller.ts';
import { TRACE_EDITOR, TraceEditor } from './trace-editor.ts';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Simul', { log: true });
  const languages = new LanguageServerClient(context.extensionUri, log);
  const simul = new Controller(context, log, languages);
  context.subscriptions.push(
    log,
    simul,
    ...COMMANDS.map(({ id, run }) =>
      vscode.commands.registerCommand(id, (argument: unknown) => run(simul, argument)),
    ),
    vscode.languages.registerCodeActionsProvider(
      LANGUAGES.map((language) => ({ scheme: 'file', language })),
      new LibraryFix(),
      LibraryFix.kinds,
    ),
    vscode.window.registerWebviewPanelSerializer(PANEL_VIEW, {
      deserializeWebviewPanel: (panel) => {
        simul.restore(panel);
        return Promise.resolve();
      },
    }),
    vscode.window.registerCustomEditorProvider(TRACE_EDITOR, new TraceEditor(context.extensionUri, simul), {
      supportsMultipleEditorsPerDocument: true,
    }),
  );
  void languages.start();
}
