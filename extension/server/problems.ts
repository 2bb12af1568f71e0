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
import { printable } from '../../runtime/trace/format/printable.ts';
import { pageOf } from './finding-pages.ts';
import { relatedPlaces } from './related-places.ts';
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
  /** Folders that places have to be in; absent: they may be anywhere on this machine. */
  readonly within?: readonly string[] | undefined;
}

/** An entry of the list, and the finding that it tells. */
export interface Problem {
  readonly diagnostic: Diagnostic;
  readonly finding: Finding;
}

/** By the URI of their file. */
export function problemsOf(
  trace: Trace,
  findings: readonly Finding[],
  { silenced, documentOf, within }: ProblemOptions,
): Map<string, Problem[]> {
  const problems = new Map<string, Problem[]>();
  const roots = within?.map((folder) => `${pathToFileURL(folder).href}/`);
  const placeIn = (site: number): ReturnType<typeof placeOf> => {
    const place = placeOf(trace.sites[site], documentOf);
    return place !== null && (roots?.some((root) => place.uri.startsWith(root)) ?? true) ? place : null;
  };
  for (const finding of findings.slice(0, MAX_PROBLEMS)) {
    const { rule, severity, words, sites } = finding;
    if (silenced.has(rule)) continue;
    // Without its first line, the first of its others that is there stands for it; one of the
    // user's own files, if there is one.
    const places = sites.flatMap((site) => placeIn(site) ?? []);
    const first = places.find(({ uri }) => !isOfPackage(uri)) ?? places[0];
    if (first === undefined || (severity === 'info' && isOfPackage(first.uri))) continue;
    const ignored = documentOf(first.uri)?.ignored.get(first.range.start.line);
    if (ignored?.has(rule)) continue;
    const page = pageOf(rule);
    const diagnostic: Diagnostic = {
      range: first.range,
      severity: SEVERITIES[severity],
      source: 'simul',
      code: rule,
      ...(page === null ? {} : { codeDescription: { href: page } }),
      message: printable(plain(words)),
      relatedInformation: relatedPlaces(trace, finding)
        .flatMap(({ site, words: message }) => {
          const location = placeIn(site);
          return location === null ? [] : [{ location, message: printable(message) }];
        })
        .slice(0, MAX_RELATED),
    };
    const known = problems.get(first.uri);
    if (known === undefined) problems.set(first.uri, [{ diagnostic, finding }]);
    else known.push({ diagnostic, finding });
  }
  return problems;
}

/** A note about a package of others is no problem of the user's; the panel has it. */
const isOfPackage = (uri: string): boolean => /\/(?:node_modules|site-packages|dist-packages)\//.test(uri);

/** Null: it is no path of this machine; a host in a URL would be asked for the file. */
function uriOf(file: string): string | null {
  if (!file.startsWith('file:')) return isAbsolute(file) ? pathToFileURL(file).href : null;
  return URL.canParse(file) && new URL(file).host === '' ? new URL(file).href : null;
}

/** Null: it is in no file of this machine, or its line is no longer there. */
export function placeOf(
  site: SiteInfo | undefined,
  documentOf: ProblemOptions['documentOf'],
): { readonly uri: string; readonly range: Range } | null {
  if (site === undefined) return null;
  const uri = uriOf(site.file);
  if (uri === null) return null;
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
