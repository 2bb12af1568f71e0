/**
 * Code actions on findings in the list of problems. A fix changes the text that ran and no other:
 * in a file that has changed since, it says so and changes nothing. A comment that silences a
 * finding is offered wherever its line still is; its reason is asked for.
 */
import { readFileSync, statSync } from 'node:fs';
import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver/node';
import type { Finding } from '../../runtime/trace/findings/finding.ts';
import type { SiteInfo, Trace } from '../../runtime/trace/model/trace.ts';
import { SILENCE_COMMAND, type SilenceRequest, TRACE_COMMAND } from '../../runtime/trace/messages/server.ts';
import type { Fix } from './fixes/fix.ts';
import { fixesOf, mayHoldComment } from './fixes/fixes-of.ts';
import { SourceFile } from './fixes/source-file.ts';
import { type Problem, placeOf } from './problems.ts';
import { logicalLines } from '../../runtime/launch/python-source.ts';
import type { WholeDocument } from './whole-document.ts';

const QUICK_FIX = 'quickfix';

export interface CodeActionRequest {
  readonly document: WholeDocument;
  /** What the list holds for the document. */
  readonly problems: readonly Problem[];
  /** What the editor asks about. */
  readonly diagnostics: readonly Diagnostic[];
  readonly trace: Trace;
}

export function codeActionsFor({ document, problems, diagnostics, trace }: CodeActionRequest): CodeAction[] {
  const asked = problems.filter(({ diagnostic }) =>
    diagnostics.some((each) => each.code === diagnostic.code && each.message === diagnostic.message),
  );
  if (document.languageId === 'python')
    return asked.flatMap((problem) => silencePython(document, trace, problem));
  const source = asked.length === 0 ? null : parseDocument(document);
  if (source === null) return [];
  return asked.flatMap(({ diagnostic, finding }) => {
    const sites = sitesIn(document, trace, finding);
    const fixes = fixesOf({ source, finding, sites });
    const isChanged = fixes.length > 0 && sites.some((site) => hasChanged(document, trace, site));
    return [
      ...(isChanged
        ? [traceAgain(document, diagnostic)]
        : fixes.map((fix) => actionOf(document, source, diagnostic, fix))),
      ...silenceOf(document, source, diagnostic, sites),
    ];
  });
}

let lastParsed: { readonly text: string; readonly path: string; readonly source: SourceFile | null } | null =
  null;

/** The editor asks for each move of the cursor: the tree of the last text is kept. */
function parseDocument({ path, text }: WholeDocument): SourceFile | null {
  if (path === null) return null;
  if (lastParsed?.text !== text || lastParsed.path !== path)
    lastParsed = { text, path, source: SourceFile.parse(path, text) };
  return lastParsed.source;
}

/** The finding's sites in the document, each at the line where it is now. */
const sitesIn = (document: WholeDocument, trace: Trace, { sites }: Finding): SiteInfo[] =>
  sites.flatMap((index) => {
    const site = trace.sites[index];
    const place = placeOf(site, (uri) => (uri === document.uri ? document : undefined));
    return place?.uri === document.uri ? [{ ...site!, line: place.range.start.line + 1 }] : [];
  });

/** The text is not the one on the disk, or that was written after the process had begun. */
function hasChanged({ path, text }: WholeDocument, trace: Trace, { process }: SiteInfo): boolean {
  const { wallNs } = trace;
  if (path === null || wallNs === null) return true;
  const beganMs = (Number(wallNs) + (trace.processes[process]?.startNs ?? 0)) / 1e6;
  try {
    return statSync(path).mtimeMs > beganMs || readFileSync(path, 'utf8').replace(/^\uFEFF/, '') !== text;
  } catch {
    return true;
  }
}

function actionOf(
  document: WholeDocument,
  source: SourceFile,
  diagnostic: Diagnostic,
  { title, changes }: Fix,
): CodeAction {
  const edits: TextEdit[] = changes.map(({ start, end, text }) => ({
    range: { start: source.positionOf(start), end: source.positionOf(end) },
    newText: text,
  }));
  const textDocument = { uri: document.uri, version: document.version };
  return {
    title: `Simul: ${title}`,
    kind: QUICK_FIX,
    diagnostics: [diagnostic],
    edit: { documentChanges: [{ textDocument, edits }] },
  };
}

/** An action that is disabled has no place in the menu of quick fixes: this says why, and helps. */
function traceAgain({ uri }: WholeDocument, diagnostic: Diagnostic): CodeAction {
  const title = 'Simul: Trace again: a fix is for the file that ran, and it has changed since';
  const command = { title, command: TRACE_COMMAND, arguments: [uri] };
  return { title, kind: QUICK_FIX, diagnostics: [diagnostic], command };
}

/** The fixes write JavaScript; of Python a comment alone is offered. */
function silencePython(
  document: WholeDocument,
  trace: Trace,
  { diagnostic, finding }: Problem,
): CodeAction[] {
  const [site] = sitesIn(document, trace, finding);
  const logical = site && logicalLines(document.text).find(({ line }) => line === site.line - 1);
  if (logical === undefined) return [];
  const lineStart = document.text.lastIndexOf('\n', logical.start - 1) + 1;
  const indent = document.text.slice(lineStart, logical.start);
  return [silenceAction(document, diagnostic, { line: logical.line, indent })];
}

/** A command of the extension asks for the reason and writes the comment. */
function silenceOf(
  document: WholeDocument,
  source: SourceFile,
  diagnostic: Diagnostic,
  [site]: readonly SiteInfo[],
): CodeAction[] {
  if (site === undefined) return [];
  const line = site.line - 1;
  const lineStart = source.offsetOf({ line: line + 1, column: 1 });
  if (!mayHoldComment(source, lineStart)) return [];
  return [silenceAction(document, diagnostic, { line, indent: source.indentAt(lineStart) })];
}

function silenceAction(
  { uri, version }: WholeDocument,
  diagnostic: Diagnostic,
  place: Pick<SilenceRequest, 'line' | 'indent'>,
): CodeAction {
  const rule = String(diagnostic.code);
  const request: SilenceRequest = { uri, version, ...place, rule };
  const title = `Simul: Silence ${rule} at this line…`;
  const command = { title, command: SILENCE_COMMAND, arguments: [request] };
  return { title, kind: QUICK_FIX, diagnostics: [diagnostic], command };
}
