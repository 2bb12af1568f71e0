/**
 * What a page asks of the extension: to open a place in the source, to run a command, to copy a
 * text, to log a fault. The panel and the editor of saved traces share it.
 */
import * as vscode from 'vscode';
import { absolutePathOf } from '../../runtime/launch/may-open.ts';
import { SourceOpener, type SourcePlace } from './open-source.ts';
import { OpenPages } from './open-pages.ts';
import type { PageInfo, PageLink, PageLinkEvents, PanelRequest } from './page-link.ts';

export interface ShownMomentRequest {
  /** Of the recording's folder, or of the saved file. */
  readonly path: string;
  readonly timeNs: number;
  /** "PROCESS:NUMBER"; null: no task was pointed at. */
  readonly task: string | null;
}

function isVisible(file: string): boolean {
  const path = absolutePathOf(file);
  return vscode.window.visibleTextEditors.some(({ document }) => document.uri.fsPath === path);
}

/** What of several is meant: that which is seen here. */
function argumentsOf(
  { command }: Extract<PanelRequest, { type: 'command' }>,
  source: PageInfo['source'],
): string[] {
  if (command === 'stop') return source?.mode === 'live' ? [source.recording] : [];
  const isMeant = command === 'addRecording' || (command === 'saveTrace' && source?.mode === 'file');
  return isMeant && source?.path !== undefined ? [source.path] : [];
}

export class PanelRequests implements PageLinkEvents {
  readonly pages = new OpenPages();
  readonly #log: vscode.LogOutputChannel;
  readonly #sources = new SourceOpener();

  readonly #onSourceShown: () => void;
  readonly #moments = new vscode.EventEmitter<ShownMomentRequest>();
  /** The recording or file that a debugger replays; null: none. */
  replayedPath: string | null = null;
  /** The reader went to a moment in a page. */
  readonly onDidGoToMoment = this.#moments.event;

  /** @param onSourceShown a page has led to a line of the source */
  constructor(log: vscode.LogOutputChannel, onSourceShown: () => void) {
    this.#log = log;
    this.#onSourceShown = onSourceShown;
  }

  onFocus(link: PageLink, inPicture: boolean): void {
    this.pages.setFocus(link, inPicture);
  }

  onRequest(request: PanelRequest, { source, column }: PageInfo): void {
    switch (request.type) {
      case 'source':
        // Where the debugger goes along, it shows the line in the editor that is there.
        if (request.preview && source?.path !== undefined && source.path === this.replayedPath)
          if (isVisible(request.file)) break;
        void this.#sources
          .openPlace(request, source?.folders ?? [], column)
          .then((isShown) => isShown && this.#onSourceShown())
          .catch((error: unknown) => this.#log.error(String(error)));
        break;
      case 'command':
        void vscode.commands.executeCommand(`simul.${request.command}`, ...argumentsOf(request, source));
        break;
      case 'moment':
        if (source?.path !== undefined) this.#moments.fire({ ...request, path: source.path });
        break;
      case 'copy':
        void vscode.env.clipboard.writeText(request.text);
        break;
      case 'fault':
        this.#log.error(`In the panel: ${request.words}`);
        break;
    }
  }

  /** Opens a place of the source, as a page would. */
  async openPlace(place: SourcePlace, folders: readonly string[]): Promise<void> {
    try {
      await this.#sources.openPlace(place, folders, undefined);
    } catch (error) {
      this.#log.error(String(error));
    }
  }

  dispose(): void {
    this.#sources.dispose();
    this.#moments.dispose();
    this.pages.dispose();
  }
}
