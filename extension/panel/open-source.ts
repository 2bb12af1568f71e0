/**
 * Opens the place in the source that the panel names: beside the panel, the range revealed and
 * marked. A path outside the workspace and outside the traced program's folder is opened only after
 * the user said so, once a file; what is no path of a file is never opened.
 */
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { mayOpenUnasked, plainPath } from './may-open.ts';

export interface Place {
  readonly file: string;
  /** 1-based; 0: not known. */
  readonly line: number;
  readonly column: number;
  /** Only looked at in passing: the tab is a preview one and the focus stays. */
  readonly preview: boolean;
}

export class SourceOpener {
  readonly #allowed = new Set<string>();
  /** Following the selection asks once a file, not at every step. */
  readonly #refused = new Set<string>();
  readonly #mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('simul.siteBackground'),
    overviewRulerColor: new vscode.ThemeColor('simul.siteRuler'),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
  });

  /** @param folders whose files are opened unasked, besides the workspace's. */
  async open(place: Place, folders: readonly string[]): Promise<void> {
    const path = plainPath(place.file);
    if (path === null) {
      const words = vscode.l10n.t('This place is not in a file of yours: {0}', shortened(place.file));
      void vscode.window.setStatusBarMessage(words, 5000);
      return;
    }
    if (!(await this.#allows(path, folders, place.preview))) return;
    let document: vscode.TextDocument;
    try {
      document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
    } catch {
      void vscode.window.showWarningMessage(vscode.l10n.t('{0} cannot be opened.', shortened(path)));
      return;
    }
    const line = Math.min(Math.max(place.line - 1, 0), document.lineCount - 1);
    const range = document.lineAt(line).range;
    const start = new vscode.Position(line, Math.min(Math.max(place.column - 1, 0), range.end.character));
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: columnFor(document.uri),
      preview: place.preview,
      preserveFocus: place.preview,
      selection: new vscode.Range(start, start),
    });
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    for (const other of vscode.window.visibleTextEditors) {
      other.setDecorations(this.#mark, other === editor ? [range] : []);
    }
  }

  dispose(): void {
    this.#mark.dispose();
  }

  async #allows(path: string, folders: readonly string[], preview: boolean): Promise<boolean> {
    const workspace = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
    if (mayOpenUnasked(path, [...workspace, ...folders]) || this.#allowed.has(path)) return true;
    if (preview && this.#refused.has(path)) return false;
    this.#refused.add(path);
    const open = vscode.l10n.t('Open');
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('The trace names a file outside this workspace.'),
      { modal: true, detail: path },
      open,
    );
    if (answer !== open) return false;
    this.#refused.delete(path);
    this.#allowed.add(path);
    return true;
  }
}

/** The traced program's folder: stepping into its other files asks nothing. */
export const folderOf = (programFile: string): string => dirname(programFile);

/** Where the file is open already, else the first column: the panel stands beside it. */
function columnFor(uri: vscode.Uri): vscode.ViewColumn {
  for (const editor of vscode.window.visibleTextEditors) {
    if (editor.document.uri.toString() === uri.toString() && editor.viewColumn !== undefined) {
      return editor.viewColumn;
    }
  }
  return (
    vscode.window.visibleTextEditors.find(({ viewColumn }) => viewColumn !== undefined)?.viewColumn ??
    vscode.ViewColumn.One
  );
}

const shortened = (text: string): string => (text.length <= 120 ? text : `${text.slice(0, 119)}…`);
