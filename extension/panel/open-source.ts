/**
 * Opens a place in the source beside the panel, reveals its line and marks it. A file outside the
 * workspace and the traced program's folder is opened only after the user agreed, once for each
 * file. A path that is no file's is never opened.
 */
import * as vscode from 'vscode';
import { shownText } from './shown-text.ts';
import { mayOpenWithoutAsking, absolutePathOf } from '../../runtime/launch/may-open.ts';

const MESSAGE_MS = 5000;
/** The text comes from a trace, which may hold any length of it. */
const MAX_SHOWN_CHARS = 120;

export interface SourcePlace {
  readonly file: string;
  /** 1-based; 0: not known. */
  readonly line: number;
  readonly column: number;
  /** The first of the lines that are marked, up to `line`. */
  readonly sinceLine: number;
  /** The editor only follows the selection: it opens a preview tab and the focus stays. */
  readonly preview: boolean;
}

export class SourceOpener {
  readonly #allowed = new Set<string>();
  /** While the editor follows the selection, the user is asked once for each file. */
  readonly #refused = new Set<string>();
  readonly #mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('simul.siteBackground'),
    overviewRulerColor: new vscode.ThemeColor('simul.siteRuler'),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
  });

  /**
   * @param folders their files are opened without asking, besides the workspace's
   * @param pageColumn the group of the page that asks, which stays to be seen
   * @returns whether the place is shown
   */
  async openPlace(
    place: SourcePlace,
    folders: readonly string[],
    pageColumn: vscode.ViewColumn | undefined,
  ): Promise<boolean> {
    const path = absolutePathOf(place.file);
    if (path === null) {
      const words = vscode.l10n.t('This place is not in a file of yours: {0}', shortenText(place.file));
      void vscode.window.setStatusBarMessage(words, MESSAGE_MS);
      return false;
    }
    if (!(await this.#mayOpen(path, folders, place.preview))) return false;
    let document: vscode.TextDocument;
    try {
      document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
    } catch {
      void vscode.window.showWarningMessage(vscode.l10n.t('{0} cannot be opened.', shortenText(path)));
      return false;
    }
    const line = Math.min(Math.max(place.line - 1, 0), document.lineCount - 1);
    const { range } = document.lineAt(line);
    const since = Math.min(Math.max(place.sinceLine - 1, 0), line);
    const marked = range.with(new vscode.Position(since, 0));
    const start = new vscode.Position(line, Math.min(Math.max(place.column - 1, 0), range.end.character));
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: columnFor(document.uri, pageColumn),
      preview: place.preview,
      preserveFocus: place.preview,
      selection: new vscode.Range(start, start),
    });
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    for (const other of vscode.window.visibleTextEditors) {
      other.setDecorations(this.#mark, other === editor ? [marked] : []);
    }
    return true;
  }

  dispose(): void {
    this.#mark.dispose();
  }

  async #mayOpen(path: string, folders: readonly string[], preview: boolean): Promise<boolean> {
    // A folder of another scheme has a path, too, which means nothing on this machine's disk.
    const workspace = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => uri.fsPath);
    if (mayOpenWithoutAsking(path, [...workspace, ...folders]) || this.#allowed.has(path)) return true;
    if (preview && this.#refused.has(path)) return false;
    this.#refused.add(path);
    const open = vscode.l10n.t('Open');
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('The trace names a file outside this workspace.'),
      { modal: true, detail: shownText(path) },
      open,
    );
    if (answer !== open) return false;
    this.#refused.delete(path);
    this.#allowed.add(path);
    return true;
  }
}

/**
 * The group where the file is shown, else another one beside the page's: a source never covers the
 * page that led to it. With one group alone a second is made.
 */
function columnFor(uri: vscode.Uri, pageColumn: vscode.ViewColumn | undefined): vscode.ViewColumn {
  const editors = vscode.window.visibleTextEditors.filter(
    ({ viewColumn }) => viewColumn !== undefined && viewColumn !== pageColumn,
  );
  const own = editors.find(({ document }) => document.uri.toString() === uri.toString());
  const column = (own ?? editors[0])?.viewColumn;
  if (column !== undefined) return column;
  if (pageColumn === undefined) return vscode.ViewColumn.One;
  const other = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn !== pageColumn);
  return other?.viewColumn ?? pageColumn + 1;
}

/** A path from a trace, fit to be shown. */
function shortenText(text: string): string {
  const shown = shownText(text);
  return shown.length <= MAX_SHOWN_CHARS ? shown : `${shown.slice(0, MAX_SHOWN_CHARS - 1)}…`;
}
