/**
 * The extension in a browser (vscode.dev, github.dev): a saved trace opens, to be looked at. There
 * is no Node here, so nothing is run, recorded or saved, and no other part of the extension is
 * loaded.
 */
import * as vscode from 'vscode';
import { printable } from '../../runtime/trace/format/printable.ts';
import type { PanelRequest } from '../panel/page-link.ts';
import { TRACE_EDITOR, TraceEditor, type TraceEditorEvents } from '../panel/trace-editor.ts';
import { inflateInBrowser } from './inflate-in-browser.ts';

export function activate(extension: vscode.ExtensionContext): void {
  const events: TraceEditorEvents = {
    pages: { add: () => undefined, remove: () => undefined },
    onFocus: () => undefined,
    onRequest: (request) => answer(request),
  };
  const editor = new TraceEditor(extension.extensionUri, events, inflateInBrowser);
  extension.subscriptions.push(
    vscode.window.registerCustomEditorProvider(TRACE_EDITOR, editor, {
      supportsMultipleEditorsPerDocument: true,
    }),
  );
}

function answer(request: PanelRequest): void {
  if (request.type === 'copy') void vscode.env.clipboard.writeText(request.text);
  else if (request.type === 'fault') console.error(`Simul: ${request.words}`);
  else if (request.type === 'source' && !request.preview) {
    // The file is on another machine, so its place is said.
    const place = `${printable(request.file)}:${request.line}`;
    vscode.window.setStatusBarMessage(place, PLACE_SHOWN_MS);
  } else if (request.type === 'command') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('In a browser Simul shows saved traces. It runs programs in VS Code on a computer.'),
    );
  }
}

const PLACE_SHOWN_MS = 10_000;
