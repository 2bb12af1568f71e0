/**
 * The language server: a process of its own, so that folding a recording never holds up the editor.
 * It reads the recording's files and says in lenses, inlay hints, hovers and the list of problems
 * what the run said about each line. It starts nothing, and it writes no file but the trace that it
 * is asked to save.
 */
import type { CancellationToken, Diagnostic, InitializeResult } from 'vscode-languageserver/node';
import {
  createConnection,
  ProposedFeatures,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import type { MomentView } from '../../runtime/trace/messages/moment.ts';
import {
  CHANGED_NOTIFICATION,
  PRESENT_REQUEST,
  readRecordingNotice,
  readSaveRequest,
  readSettingsNotice,
  RECORDING_NOTIFICATION,
  SAVE_REQUEST,
  SETTINGS_NOTIFICATION,
  type ChangedNotice,
  type SaveAnswer,
  type SettingsNotice,
} from '../../runtime/trace/messages/server.ts';
import { codeActionsFor } from './code-actions.ts';
import type { Problem } from './problems.ts';
import { hoverAt } from './hovers.ts';
import { hintsIn } from './hints.ts';
import { lensesIn } from './lenses.ts';
import { saveApart } from './save-apart.ts';
import { refusalsIn } from './python-refusals.ts';
import { WatchedRecording } from './watched-recording.ts';
import { wholeDocuments } from './whole-document.ts';

const REFRESH_MS = 400;

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(wholeDocuments);
let settings: SettingsNotice = { lenses: true, hints: true, silenced: [] };
/** What is shown, by file. */
let shown: ReadonlyMap<string, readonly Problem[]> = new Map();
/** Files that had any in this recording: an undone edit may bring one back. */
const filesWithFindings = new Set<string>();
/** What the language refuses in open documents, by file. */
const refused = new Map<string, Diagnostic[]>();
let recording: WatchedRecording | null = null;
let problemsTimer: NodeJS.Timeout | null = null;
/** See `RecordingNotice.within`. */
let listedWithin: readonly string[] | undefined;
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
      codeActionProvider: { codeActionKinds: ['quickfix'] },
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
  listedWithin = notice.within;
  recording?.dispose();
  filesWithFindings.clear();
  recording =
    notice.folder === null
      ? null
      : new WatchedRecording(notice.folder, {
          refreshMs: REFRESH_MS,
          onChange: () => {
            refreshHints();
            publishProblems();
          },
          onRead: () => tellChange(),
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

async function handleSave(value: unknown, token: CancellationToken): Promise<SaveAnswer> {
  const request = readSaveRequest(value);
  if (request === null) return { saved: false, words: 'the language server did not understand what to save' };
  const stop = new AbortController();
  const listener = token.onCancellationRequested(() => stop.abort());
  if (token.isCancellationRequested) stop.abort();
  const answer = await saveApart(request, stop.signal);
  listener.dispose();
  return answer;
}

connection.onRequest<MomentView | null, void>(PRESENT_REQUEST, () => recording?.present() ?? null);

function tellChange(): void {
  if (recording === null) return;
  const notice: ChangedNotice = { folder: recording.folder, isOver: recording.trace.isOver };
  void connection.sendNotification(CHANGED_NOTIFICATION, notice).catch(() => undefined);
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

connection.onCodeAction(({ textDocument, context: { diagnostics } }) => {
  const document = documents.get(textDocument.uri);
  const problems = shown.get(textDocument.uri) ?? [];
  if (!document || !recording) return [];
  return codeActionsFor({ document, problems, diagnostics, trace: recording.trace });
});

function refreshHints(): void {
  if (canRefresh.hints) void connection.languages.inlayHint.refresh().catch(() => undefined);
}

function publishProblems(): void {
  const problems =
    recording?.problems({
      silenced: new Set(settings.silenced),
      documentOf: (uri) => documents.get(uri),
      within: listedWithin,
    }) ?? new Map<string, Problem[]>();
  for (const uri of shown.keys()) if (!problems.has(uri)) sendProblems(uri, []);
  for (const [uri, ofFile] of problems) {
    filesWithFindings.add(uri);
    sendProblems(
      uri,
      ofFile.map(({ diagnostic }) => diagnostic),
    );
  }
  shown = problems;
}

/** A line that is edited or silenced has no finding any more. */
function publishProblemsSoon(uri: string): void {
  if (!filesWithFindings.has(uri) || problemsTimer !== null) return;
  problemsTimer = setTimeout(() => {
    problemsTimer = null;
    publishProblems();
  }, REFRESH_MS);
}

function sendProblems(uri: string, ofRun: Diagnostic[]): void {
  const diagnostics = [...(refused.get(uri) ?? []), ...ofRun];
  void connection.sendDiagnostics({ uri, diagnostics }).catch(() => undefined);
}

/** Needs no run, so it is told as the text is. */
function publishRefusals(uri: string, refusals: Diagnostic[]): void {
  if (refusals.length === 0 && !refused.has(uri)) return;
  if (refusals.length === 0) refused.delete(uri);
  else refused.set(uri, refusals);
  sendProblems(
    uri,
    (shown.get(uri) ?? []).map(({ diagnostic }) => diagnostic),
  );
}

function logFault(words: string): void {
  connection.console.warn(words);
}

documents.onDidChangeContent(({ document }) => {
  publishRefusals(document.uri, refusalsIn(document));
  publishProblemsSoon(document.uri);
});
documents.onDidClose(({ document }) => publishRefusals(document.uri, []));
documents.listen(connection);
connection.onShutdown(() => {
  recording?.dispose();
  if (problemsTimer !== null) clearTimeout(problemsTimer);
});
connection.listen();
