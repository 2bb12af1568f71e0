/**
 * What a page asks of the extension: to open a place in the source, to run a command, to copy a
 * text, to log a fault. The panel and the editor of saved traces share it.
 */
import * as vscode from 'vscode';
import { SourceOpener } from './open-source.ts';
import type { PageLinkEvents, PanelRequest } from './page-link.ts';
import type { TraceSource } from './trace-source.ts';

export class PanelRequests implements PageLinkEvents {
  readonly #log: vscode.LogOutputChannel;
  readonly #sources = new SourceOpener();

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  onRequest(request: PanelRequest, source: TraceSource | null): void {
    switch (request.type) {
      case 'source':
        void this.#sources
          .openPlace(request, source?.folders ?? [])
          .catch((error: unknown) => this.#log.error(String(error)));
        break;
      case 'command':
        if (request.command === 'saveTrace' && source?.mode === 'file') {
          void vscode.window.showInformationMessage(
            vscode.l10n.t('{0} is a saved trace already.', source.name),
          );
          break;
        }
        void vscode.commands.executeCommand(`simul.${request.command}`);
        break;
      case 'copy':
        void vscode.env.clipboard.writeText(request.text);
        break;
      case 'fault':
        this.#log.error(`In the panel: ${request.words}`);
        break;
    }
  }

  dispose(): void {
    this.#sources.dispose();
  }
}
