/**
 * The language server: a process of its own, so that folding a recording never holds up the editor.
 * It reads the recording's files and says in lenses, inlay hints, hovers and the list of problems
 * what the run said about each line. It starts nothing, and it writes no file but the trace that it
 * is asked to save.
 */
import type { Diagnostic, InitializeResult } from 'vscode-languageserver/node';
import {
  createConnection,
  ProposedFeatures,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import {
  readRecordingNotice,
  readSaveRequest,
  readSettingsNotice,
  RECORDING_NOTIFICATION,
  SAVE_REQUEST,
  SETTINGS_NOTIFICATION,
  type SaveAnswer,
  type SettingsNotice,
} from '../../runtime/trace/messages/server.ts';
import { saveTrace } from '../../runtime/launch/saved-trace.ts';
import { hoverAt } from './hovers.ts';
import { hintsIn } from './hints.ts';
import { lensesIn } from './lenses.ts';
import { WatchedRecording } from './watched-recording.ts';
import { wholeDocuments } from './whole-document.ts';

const REFRESH_MS = 400;

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(wholeDocuments);
let settings: SettingsNotice = { lenses: true, hints: true, silenced: [] };
/** Files of which problems are shown. */
let filesWithProblems: ReadonlySet<string> = new Set();
let recording: WatchedRecording | null = null;
let canRefresh = { hints: false, lenses: false };

connection.onInitialize(({ capabilities }): InitializeResult => {
  canRefresh = {
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
    if (notice.ended) recording.finish();
    return;
  }
  recording?.dispose();
  recording =
    notice.folder === null
      ? null
      : new WatchedRecording(notice.folder, {
          refreshMs: REFRESH_MS,
          onChange: () => {
            refreshHints();
            publishProblems();
          },
          onFault: logFault,
        });
  recording?.start(notice.ended);
  refreshHints();
  publishProblems();
});

connection.onNotification(SETTINGS_NOTIFICATION, (value: unknown) => {
  const notice = readSettingsNotice(value);
  if (notice === null) return;
  settings = notice;
  refreshHints();
  publishProblems();
  if (canRefresh.lenses) void connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
});

connection.onRequest<SaveAnswer, void>(SAVE_REQUEST, handleSave);

function handleSave(value: unknown): SaveAnswer {
  const request = readSaveRequest(value);
  if (request === null) return { saved: false, words: 'the language server did not understand what to save' };
  const { folder, file, ...options } = request;
  const saved = saveTrace(folder, file, options);
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
  return hoverAt(document, recording.sitesOf(document), position);
});

function refreshHints(): void {
  if (canRefresh.hints) void connection.languages.inlayHint.refresh().catch(() => undefined);
}

function publishProblems(): void {
  const problems =
    recording?.problems({
      silenced: new Set(settings.silenced),
      documentOf: (uri) => documents.get(uri),
    }) ?? new Map<string, Diagnostic[]>();
  for (const uri of filesWithProblems) if (!problems.has(uri)) sendProblems(uri, []);
  for (const [uri, ofFile] of problems) sendProblems(uri, ofFile);
  filesWithProblems = new Set(problems.keys());
}

function sendProblems(uri: string, diagnostics: Diagnostic[]): void {
  void connection.sendDiagnostics({ uri, diagnostics }).catch(() => undefined);
}

function logFault(words: string): void {
  connection.console.warn(words);
}

documents.listen(connection);
connection.onShutdown(() => recording?.dispose());
connection.listen();
