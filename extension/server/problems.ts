/**
 * Findings as entries of VS Code's list of problems: each at its first line, with the rule's name
 * as code. A finding without a line in a file of this machine has no place there; the panel shows
 * it.
 */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Diagnostic, DiagnosticSeverity, Range } from 'vscode-languageserver/node';
import type { Finding, Severity } from '../../runtime/trace/findings/finding.ts';
import type { SiteInfo, Trace } from '../../runtime/trace/model/trace.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { currentLine } from '../../runtime/trace/format/current-line.ts';
import type { WholeDocument } from './whole-document.ts';

/** Numbers of the protocol. */
const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = { error: 1, warning: 2, info: 3 };
const MAX_PROBLEMS = 200;
const MAX_RELATED = 10;

export interface ProblemOptions {
  /** Rules of which nothing is said. */
  readonly silenced: ReadonlySet<string>;
  /** An open document, as it is now. */
  readonly documentOf: (uri: string) => WholeDocument | undefined;
}

/** By the URI of their file. */
export function problemsOf(
  trace: Trace,
  findings: readonly Finding[],
  { silenced, documentOf }: ProblemOptions,
): Map<string, Diagnostic[]> {
  const problems = new Map<string, Diagnostic[]>();
  for (const { rule, severity, words, sites } of findings.slice(0, MAX_PROBLEMS)) {
    if (silenced.has(rule)) continue;
    const places = sites.flatMap((site) => placeOf(trace.sites[site], documentOf) ?? []);
    const [first, ...others] = places;
    if (first === undefined) continue;
    const problem: Diagnostic = {
      range: first.range,
      severity: SEVERITIES[severity],
      source: 'simul',
      code: rule,
      message: plain(words),
      relatedInformation: others
        .slice(0, MAX_RELATED)
        .map((location) => ({ location, message: 'also seen here' })),
    };
    const known = problems.get(first.uri);
    if (known === undefined) problems.set(first.uri, [problem]);
    else known.push(problem);
  }
  return problems;
}

/** Null: it is in no file of this machine, or its line is no longer there. */
function placeOf(
  site: SiteInfo | undefined,
  documentOf: ProblemOptions['documentOf'],
): { readonly uri: string; readonly range: Range } | null {
  if (site === undefined) return null;
  const isUrl = site.file.startsWith('file:');
  if (!isUrl && !isAbsolute(site.file)) return null;
  const uri = isUrl ? site.file : pathToFileURL(site.file).href;
  const document = documentOf(uri);
  const line = document ? currentLine(document.hashes, site.line - 1, site.lineHash) : site.line - 1;
  if (line === null) return null;
  const text = document?.lines[line];
  const start = text === undefined ? site.column - 1 : text.length - text.trimStart().length;
  const end = text === undefined ? start + Math.max(1, site.text.length) : text.trimEnd().length;
  return {
    uri,
    range: { start: { line, character: start }, end: { line, character: Math.max(start, end) } },
  };
}
