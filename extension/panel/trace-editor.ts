/**
 * Shows a saved trace (`*.simul`) in the same page as the panel. Read-only. A trace file is hostile
 * input: only runtime/trace reads it. What is damaged, newer or foreign becomes one sentence; what
 * can be read is shown.
 */
import * as vscode from 'vscode';
import { MAX_TRACE_BYTES, tooLarge } from '../../runtime/trace/format/trace-file.ts';
import { fileSource, type SavedTraceFile } from './file-source.ts';
import { PageLink, type PageLinkEvents } from './page-link.ts';
import { fillWebview } from './webview-page.ts';

export const TRACE_EDITOR = 'simul.trace';

interface TraceDocument extends vscode.CustomDocument {
  /** The bytes at the time of opening; or one sentence that says why they could not be read. */
  readonly content: Uint8Array | string;
}

/** What it needs of whoever answers the pages. */
export interface TraceEditorEvents extends PageLinkEvents {
  readonly pages: { add(link: PageLink): void; remove(link: PageLink): void };
}

/** The file's own name. */
const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export class TraceEditor implements vscode.CustomReadonlyEditorProvider<TraceDocument> {
  readonly #extensionUri: vscode.Uri;
  readonly #events: TraceEditorEvents;
  readonly #inflate: SavedTraceFile['inflate'];

  /** @param inflate the platform's */
  constructor(extensionUri: vscode.Uri, events: TraceEditorEvents, inflate: SavedTraceFile['inflate']) {
    this.#extensionUri = extensionUri;
    this.#events = events;
    this.#inflate = inflate;
  }

  async openCustomDocument(uri: vscode.Uri): Promise<TraceDocument> {
    return { uri, content: await readContent(uri), dispose: () => undefined };
  }

  resolveCustomEditor(document: TraceDocument, panel: vscode.WebviewPanel): void {
    const link = new PageLink(panel, this.#events);
    panel.onDidChangeViewState(() => {
      if (!panel.visible) link.onPageHidden();
    });
    this.#events.pages.add(link);
    panel.onDidDispose(() => {
      this.#events.pages.remove(link);
      link.dispose();
    });
    link.showSource(
      fileSource({
        name: basename(document.uri.path),
        content: document.content,
        inflate: this.#inflate,
        // The file may come from anywhere: only the workspace's files are opened without asking.
        folders: [],
        ...(document.uri.scheme === 'file' ? { path: document.uri.fsPath } : {}),
      }),
    );
    fillWebview(panel.webview, this.#extensionUri, basename(document.uri.path));
  }
}

async function readContent(uri: vscode.Uri): Promise<Uint8Array | string> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > MAX_TRACE_BYTES) return `${basename(uri.path)} cannot be opened: ${tooLarge(size)}.`;
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    return vscode.l10n.t(
      '{0} cannot be read: {1}',
      basename(uri.path),
      error instanceof Error ? error.message : String(error),
    );
  }
}
