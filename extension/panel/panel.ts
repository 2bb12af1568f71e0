/**
 * The Simul panel: one, beside the editor. It is made when first needed and survives a reload of
 * the window. When hidden it gives its memory back: the files are the truth, the page is a cache.
 */
import * as vscode from 'vscode';
import type { PanelAction } from '../../runtime/trace/messages/panel.ts';
import type { PageLinkEvents } from './page-link.ts';
import { PageLink } from './page-link.ts';
import type { TraceSource } from './trace-source.ts';
import { fillWebview, webviewOptions } from './webview-page.ts';

export const PANEL_VIEW = 'simul.panel';

export class Panel {
  readonly #extensionUri: vscode.Uri;
  readonly #events: PageLinkEvents;
  #view: { readonly panel: vscode.WebviewPanel; readonly link: PageLink } | null = null;
  #source: TraceSource | null = null;
  /** The panel was opened without an editor to open beside: the first editor will open under it. */
  #coversEditorColumn = false;

  constructor(extensionUri: vscode.Uri, events: PageLinkEvents) {
    this.#extensionUri = extensionUri;
    this.#events = events;
  }

  get source(): TraceSource | null {
    return this.#source;
  }

  /** Shows this source. Opens the panel beside the editor if need be; the focus stays. */
  showSource(source: TraceSource): void {
    this.#source = source;
    this.#moveBesideEditor();
    this.openView('keep');
    this.#view?.link.showSource(source);
  }

  /**
   * Moves a panel that was there before the first editor, since it would cover the very file that
   * is traced. It is moved once: later it stays where the user put it.
   */
  #moveBesideEditor(): void {
    const editor = vscode.window.activeTextEditor;
    if (this.#view === null || !this.#coversEditorColumn || editor === undefined) return;
    this.#coversEditorColumn = false;
    if (this.#view.panel.viewColumn === editor.viewColumn)
      this.#view.panel.reveal(vscode.ViewColumn.Beside, true);
  }

  /** Sets what the next panel shows, without opening one. */
  setSource(source: TraceSource): void {
    this.#source = source;
  }

  /** @param focus whether the panel takes the focus or leaves it where it is */
  openView(focus: 'take' | 'keep'): void {
    const preserveFocus = focus === 'keep';
    if (this.#view !== null) {
      this.#view.panel.reveal(undefined, preserveFocus);
      return;
    }
    this.#coversEditorColumn = vscode.window.activeTextEditor === undefined;
    const panel = vscode.window.createWebviewPanel(
      PANEL_VIEW,
      'Simul',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus },
      webviewOptions(this.#extensionUri),
    );
    this.adoptView(panel);
  }

  /** Takes a webview: a new one, or one that was open before the window was reloaded. */
  adoptView(panel: vscode.WebviewPanel): void {
    this.#view?.panel.dispose();
    const link = new PageLink(panel.webview, this.#events);
    const view = { panel, link };
    this.#view = view;
    panel.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'icons', 'icon.svg');
    panel.onDidChangeViewState(() => {
      if (!panel.visible) link.onPageHidden();
    });
    panel.onDidDispose(() => {
      link.dispose();
      if (this.#view === view) this.#view = null;
    });
    if (this.#source !== null) link.showSource(this.#source);
    fillWebview(panel.webview, this.#extensionUri, panel.title);
  }

  /** Shows where this line waits. */
  revealLine(file: string, line: number): void {
    this.openView('keep');
    this.#view?.link.revealLine(file, line);
  }

  /** Does what a key in the panel does. */
  sendAction(action: PanelAction): void {
    this.#view?.link.sendAction(action);
  }

  dispose(): void {
    this.#view?.panel.dispose();
  }
}
