/**
 * The commands, as a table: what each does. Titles, icons and when they can be used stand in the
 * manifest; a test compares the two. A command's arguments come from anywhere and are looked at first.
 */
import * as vscode from 'vscode';

/** What commands act on; extension.ts builds it. */
export interface Actions {
  trace(uri: vscode.Uri): Promise<void>;
  stop(): Promise<void>;
  tryIt(): Promise<void>;
  showPanel(): void;
  openTrace(uri: vscode.Uri | undefined): Promise<void>;
  saveTrace(): Promise<void>;
  revealSite(file: string, line: number): void;
  addLibrary(uri: vscode.Uri | undefined): Promise<void>;
}

export interface CommandRow {
  readonly id: string;
  readonly run: (actions: Actions, argument: unknown) => void | Promise<void>;
}

export const COMMANDS: readonly CommandRow[] = [
  {
    id: 'simul.traceCurrentFile',
    run: async (actions, argument) => {
      const uri = uriOf(argument) ?? currentEditor()?.document.uri;
      if (uri === undefined) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t('Open a TypeScript or JavaScript file first: Simul traces the file in the editor.'),
        );
        return;
      }
      await actions.trace(uri);
    },
  },
  { id: 'simul.stop', run: (actions) => actions.stop() },
  { id: 'simul.tryIt', run: (actions) => actions.tryIt() },
  { id: 'simul.showPanel', run: (actions) => actions.showPanel() },
  { id: 'simul.openTrace', run: (actions, argument) => actions.openTrace(uriOf(argument)) },
  { id: 'simul.saveTrace', run: (actions) => actions.saveTrace() },
  {
    id: 'simul.revealSite',
    run: (actions) => {
      const editor = currentEditor();
      if (editor) actions.revealSite(editor.document.uri.fsPath, editor.selection.active.line + 1);
    },
  },
  {
    id: 'simul.addLibrary',
    run: (actions, argument) => actions.addLibrary(uriOf(argument) ?? currentEditor()?.document.uri),
  },
];

/** The active editor; when the panel has the focus, the one beside it. */
function currentEditor(): vscode.TextEditor | undefined {
  return (
    vscode.window.activeTextEditor ??
    vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'file')
  );
}

/** A file's URI, given as one (menus) or as text (lenses); undefined for anything else. */
function uriOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument !== 'string' || !argument.startsWith('file:')) return undefined;
  return vscode.Uri.parse(argument, true);
}
