/**
 * The language server: a process of its own, so that folding a recording never holds up the
 * editor. It reads the recording's files by itself and offers what a run said about each line: lenses,
 * inlay hints and hovers. It never changes a file and starts nothing.
 */
import type { InitializeResult } from 'vscode-languageserver/node';
import {
  createConnection,
  ProposedFeatures,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import {
  SETTINGS_NOTIFICATION,
  readSettingsNotice,
  readRecordingNotice,
  readSaveOrder,
  RECORDING_NOTIFICATION,
  SAVE_REQUEST,
  type SaveAnswer,
} from '../../runtime/trace/messages/server.ts';
import { saveTrace } from '../../runtime/launch/saved-trace.ts';
import { hoversAt } from './hovers.ts';
import { hintsIn } from './hints.ts';
import { lensesIn } from './lenses.ts';
import { WatchedRecording } from './watched-recording.ts';
import { wholeDocuments } from './whole-document.ts';

const REFRESH_MS = 400;

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(wholeDocuments);
let settings = { lenses: true, hints: true };
let recording: WatchedRecording | null = null;
let refreshes = { hints: false, lenses: false };

connection.onInitialize(({ capabilities }): InitializeResult => {
  refreshes = {
    hints: capabilities.workspace?.inlayHint?.refreshSupport === true,
    lenses: capabilities.workspace?.codeLens?.refreshSupport === true,
  };
  return {
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Full },
      codeLensProvider: { resolveProvider: false },
      inlayHintProvider: { resolveProvider: false },
      hoverProvider: true,
    },
  };
});

connection.onNotification(RECORDING_NOTIFICATION, (value: unknown) => {
  const notice = readRecordingNotice(value);
  if (notice === null) return;
  if (recording !== null && recording.folder === notice.folder) {
    if (notice.ended) recording.ended();
    return;
  }
  recording?.dispose();
  recording =
    notice.folder === null
      ? null
      : new WatchedRecording(notice.folder, { refreshMs: REFRESH_MS, onNews: refreshHints, onFault: fault });
  recording?.start(notice.ended);
  refreshHints();
});

connection.onNotification(SETTINGS_NOTIFICATION, (value: unknown) => {
  const read = readSettingsNotice(value);
  if (read === null) return;
  settings = read;
  refreshHints();
  if (refreshes.lenses) void connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
});

connection.onRequest<SaveAnswer, void>(SAVE_REQUEST, save);

function save(value: unknown): SaveAnswer {
  const order = readSaveOrder(value);
  if (order === null) return { saved: false, words: 'what to save was not understood' };
  const saved = saveTrace(order.folder, order.file);
  return typeof saved === 'string' ? { saved: false, words: saved } : { saved: true, ...saved };
}

connection.onCodeLens(({ textDocument }) => {
  const document = documents.get(textDocument.uri);
  return document && settings.lenses ? lensesIn(document) : [];
});

connection.languages.inlayHint.on(({ textDocument, range }) => {
  const document = documents.get(textDocument.uri);
  if (!document || !recording || !settings.hints) return [];
  return hintsIn(document, recording.sitesOf(document), range);
});

connection.onHover(({ textDocument, position }) => {
  const document = documents.get(textDocument.uri);
  if (!document || !recording) return null;
  return hoversAt(document, recording.sitesOf(document), position);
});

function refreshHints(): void {
  if (refreshes.hints) void connection.languages.inlayHint.refresh().catch(() => undefined);
}

function fault(words: string): void {
  connection.console.warn(words);
}

documents.listen(connection);
connection.onShutdown(() => recording?.dispose());
connection.listen();
