/**
 * The Simul panel: one, beside the editor. It is made when first needed, survives a reload of
 * the window, and gives its memory back when hidden (the files are the truth, the page is a cache).
 */
import * as vscode from 'vscode';
import type { PageLinkEvents } from './page-link.ts';
import { PageLink } from './page-link.ts';
import type { TraceSource } from './trace-source.ts';
import { fillWebview, webviewOptions } from './webview-page.ts';

export const PANEL_VIEW = 'simul.panel';

export class Panel {
  readonly #extensionUri: vscode.Uri;
  readonly #events: PageLinkEvents;
  #shown: { readonly panel: vscode.WebviewPanel; readonly link: PageLink } | null = null;
  #played: TraceSource | null = null;
  /** Opened when there was no editor to open beside: it stands where the first one will come. */
  #inTheWay = false;

  constructor(extensionUri: vscode.Uri, events: PageLinkEvents) {
    this.#extensionUri = extensionUri;
    this.#events = events;
  }

  get played(): TraceSource | null {
    return this.#played;
  }

  /** Plays this in the panel, which is opened beside the editor if it is not there. The focus stays where it is. */
  play(played: TraceSource): void {
    this.#played = played;
    this.#makeWay();
    this.show(true);
    this.#shown?.link.play(played);
  }

  /** A panel that was there before the first editor would cover the very file that is traced. Moved once: later it stands where it was put. */
  #makeWay(): void {
    const editor = vscode.window.activeTextEditor;
    if (this.#shown === null || !this.#inTheWay || editor === undefined) return;
    this.#inTheWay = false;
    if (this.#shown.panel.viewColumn === editor.viewColumn)
      this.#shown.panel.reveal(vscode.ViewColumn.Beside, true);
  }

  /** What the next panel shows, without opening one. */
  offer(played: TraceSource): void {
    this.#played = played;
  }

  show(preserveFocus: boolean): void {
    if (this.#shown !== null) {
      this.#shown.panel.reveal(undefined, preserveFocus);
      return;
    }
    this.#inTheWay = vscode.window.activeTextEditor === undefined;
    const panel = vscode.window.createWebviewPanel(
      PANEL_VIEW,
      'Simul',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus },
      webviewOptions(this.#extensionUri),
    );
    this.adopt(panel);
  }

  /** Takes a webview that VS Code made: ours, or one that was open before the window was reloaded. */
  adopt(panel: vscode.WebviewPanel): void {
    this.#shown?.panel.dispose();
    const link = new PageLink(panel.webview, this.#events);
    const shown = { panel, link };
    this.#shown = shown;
    panel.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'icons', 'icon.svg');
    panel.onDidChangeViewState(() => {
      if (!panel.visible) link.sleep();
    });
    panel.onDidDispose(() => {
      link.dispose();
      if (this.#shown === shown) this.#shown = null;
    });
    if (this.#played !== null) link.play(this.#played);
    fillWebview(panel.webview, this.#extensionUri, panel.title);
  }

  /** Shows where this line waits. */
  reveal(file: string, line: number): void {
    this.show(true);
    this.#shown?.link.reveal(file, line);
  }

  dispose(): void {
    this.#shown?.panel.dispose();
  }
}
