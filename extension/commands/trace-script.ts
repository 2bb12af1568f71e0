/**
 * Runs a script of a package.json under trace: the one that a lens or the list of npm scripts
 * names, else the one at the cursor, else one that the user chooses.
 */
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { shownText } from '../panel/shown-text.ts';
import { runScriptLine, scriptAt, scriptsIn } from '../session/package-scripts.ts';
import { shellCommand } from '../session/shell-command.ts';
import { startTraced } from '../session/start-traced.ts';
import type { CommandFactory } from './context.ts';
import { currentEditor, fileArgument } from './target-file.ts';

interface ScriptPlace {
  /** Of the package.json. */
  readonly file: string;
  readonly name: string;
}

export const traceScript: CommandFactory = (context) => async (argument, selected) => {
  if (!vscode.workspace.isTrusted) return context.refuseUntrusted();
  const script =
    scriptArgument(argument) ?? (await chooseScript(fileArgument(argument), Array.isArray(selected)));
  if (script === undefined) return;
  const cwd = dirname(script.file);
  const line = runScriptLine(cwd, script.name);
  const session = await startTraced(
    context,
    {
      name: script.name,
      shown: line,
      args: ['--', ...shellCommand(line)],
      folders: [cwd],
      cwd,
    },
    vscode.Uri.file(script.file),
  );
  void session?.ended.then(() => context.markDone('traced'));
};

/** As the lens passes it, or an item of VS Code's list of npm scripts; undefined: neither. */
function scriptArgument(argument: unknown): ScriptPlace | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { file, name, task } = argument as { file?: unknown; name?: unknown; task?: unknown };
  if (typeof file === 'string' && typeof name === 'string') return { file, name };
  if (!(task instanceof vscode.Task) || task.definition.type !== 'npm') return undefined;
  const { script, path } = task.definition as { script?: unknown; path?: unknown };
  const { scope } = task;
  if (typeof script !== 'string' || typeof scope !== 'object') return undefined;
  const folder = typeof path === 'string' ? vscode.Uri.joinPath(scope.uri, path) : scope.uri;
  return { file: vscode.Uri.joinPath(folder, 'package.json').fsPath, name: script };
}

/** @param isListed it was chosen in the explorer: the cursor in its editor says nothing */
async function chooseScript(
  uri: vscode.Uri | undefined,
  isListed: boolean,
): Promise<ScriptPlace | undefined> {
  const editor = currentEditor();
  const file = uri ?? (isManifest(editor?.document.uri) ? editor?.document.uri : await findManifest());
  if (file?.scheme !== 'file') return undefined;
  const text = (await vscode.workspace.openTextDocument(file)).getText();
  const isOpen = !isListed && editor?.document.uri.toString() === file.toString();
  const line = isOpen ? editor.selection.active.line : 0;
  const atCursor = isOpen ? scriptAt(text, line) : undefined;
  if (atCursor?.line === line) return { file: file.fsPath, name: atCursor.name };
  const items = scriptsIn(text).map(({ name, command }) => ({
    label: shownText(name),
    description: shownText(command),
    name,
  }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} has no scripts.', shownText(vscode.workspace.asRelativePath(file))),
    );
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Trace Script') });
  return chosen === undefined ? undefined : { file: file.fsPath, name: chosen.name };
}

const isManifest = (uri: vscode.Uri | undefined): boolean =>
  uri?.scheme === 'file' && basename(uri.fsPath) === 'package.json';

/** The workspace's own; of several the one that the user chooses. */
async function findManifest(): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/package.json', '**/node_modules/**', 50);
  if (found.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no package.json in this workspace.'));
  }
  if (found.length < 2) return found[0];
  const items = found
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.label.length - b.label.length);
  const title = vscode.l10n.t('Whose script?');
  return (await vscode.window.showQuickPick(items, { title }))?.uri;
}
