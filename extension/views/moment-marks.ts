/**
 * Marks the replayed moment in the editors: the line that executes, and each line at which other
 * tasks wait, with who they are. The cursor goes along at once; what the editor itself does at a
 * stop (threads, stack, its own mark) comes some round trips later.
 */
import * as vscode from 'vscode';
import type { MarkedLine, MomentNotice } from '../../runtime/trace/messages/moment.ts';
import type { MomentTracker } from '../debug/moment-tracker.ts';
import { shownText } from '../panel/shown-text.ts';

const MAX_WORDS = 120;

export class MomentMarks {
  readonly #here = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('simul.siteBackground'),
    overviewRulerColor: new vscode.ThemeColor('simul.siteRuler'),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
  });
  readonly #waits = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    overviewRulerColor: new vscode.ThemeColor('simul.waitRuler'),
    overviewRulerLane: vscode.OverviewRulerLane.Right,
    after: { margin: '0 0 0 2em', color: new vscode.ThemeColor('simul.waitText'), fontStyle: 'italic' },
  });
  readonly #tracker: MomentTracker;

  constructor(tracker: MomentTracker) {
    this.#tracker = tracker;
  }

  register(): vscode.Disposable[] {
    return [
      this.#here,
      this.#waits,
      this.#tracker.onDidChange((moment) => this.#show(moment?.notice ?? null, true)),
      vscode.window.onDidChangeVisibleTextEditors(() =>
        this.#show(this.#tracker.current?.notice ?? null, false),
      ),
    ];
  }

  #show(notice: MomentNotice | null, isMove: boolean): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      const path = document.uri.scheme === 'file' ? document.uri.fsPath : null;
      const here = notice?.here?.path === path ? notice!.here : null;
      if (here !== null && isMove) moveTo(editor, here);
      editor.setDecorations(this.#here, here === null ? [] : [lineOf(document, here)]);
      editor.setDecorations(
        this.#waits,
        (notice?.waits ?? [])
          .filter((wait) => wait.path === path)
          .map((wait) => ({
            range: lineOf(document, wait),
            renderOptions: { after: { contentText: shorten(shownText(wait.words)) } },
          })),
      );
    }
  }
}

const lineOf = (document: vscode.TextDocument, { line }: MarkedLine): vscode.Range =>
  document.lineAt(Math.min(Math.max(line - 1, 0), document.lineCount - 1)).range;

function moveTo(editor: vscode.TextEditor, here: MarkedLine): void {
  const range = lineOf(editor.document, here);
  const column = Math.min(Math.max(here.column - 1, 0), range.end.character);
  const start = new vscode.Position(range.start.line, column);
  editor.selection = new vscode.Selection(start, start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

const shorten = (words: string): string =>
  words.length <= MAX_WORDS ? words : `${words.slice(0, MAX_WORDS - 1)}…`;
