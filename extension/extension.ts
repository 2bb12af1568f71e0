/**
 * The composition root: what VS Code calls first. It builds the parts, ties them to commands and
 * views, and returns at once; the language server starts afterwards. It traces nothing by itself.
 */
import * as vscode from 'vscode';
import { PANEL_ACTIONS } from '../runtime/trace/messages/panel.ts';
import { COMMANDS } from './commands/commands.ts';
import { Controller } from './controller.ts';
import { registerDebugger } from './debug/register-debugger.ts';
import { LanguageServerClient } from './language-client/language-server-client.ts';
import { LANGUAGE_IDS } from './language-client/language-ids.ts';
import { LibraryFix } from './library/library-fix.ts';
import { PanelRequests } from './panel/panel-requests.ts';
import { Panel, PANEL_VIEW } from './panel/panel.ts';
import { TRACE_EDITOR, TraceEditor } from './panel/trace-editor.ts';

export function activate(extension: vscode.ExtensionContext): void {
  const { extensionUri } = extension;
  const log = vscode.window.createOutputChannel('Simul', { log: true });
  const server = new LanguageServerClient(extensionUri, log);
  const requests = new PanelRequests(log, () => controller.markDone('read'));
  const panel = new Panel(extensionUri, requests);
  const controller: Controller = new Controller({ extension, log, panel, server });
  extension.subscriptions.push(
    log,
    controller,
    requests,
    ...Object.entries(COMMANDS).map(([id, createCommand]) =>
      vscode.commands.registerCommand(id, createCommand(controller)),
    ),
    ...PANEL_ACTIONS.map((action) =>
      vscode.commands.registerCommand(`simul.panel.${action}`, () => requests.pages.runAction(action)),
    ),
    vscode.languages.registerCodeActionsProvider(
      LANGUAGE_IDS.map((language) => ({ scheme: 'file', language })),
      new LibraryFix(),
      LibraryFix.kinds,
    ),
    ...registerDebugger(extensionUri, () => controller.recording),
    vscode.window.registerWebviewPanelSerializer(PANEL_VIEW, {
      deserializeWebviewPanel: (view) => {
        controller.restorePanel(view);
        return Promise.resolve();
      },
    }),
    vscode.window.registerCustomEditorProvider(TRACE_EDITOR, new TraceEditor(extensionUri, requests), {
      supportsMultipleEditorsPerDocument: true,
    }),
  );
  void server.start();
}
