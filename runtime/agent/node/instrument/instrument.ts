/**
 * Source text in, instrumented text with its source map and site table out. Pure: it reads no file
 * and keeps no state. The parser, the transformer and the file's own source map are parameters.
 *
 * It changes no line number and no meaning. A file that it cannot parse, or need not change, is
 * loaded as it is: if there is an error in it, Node reports it.
 */
import { hashLine } from '../../../trace/format/hash.ts';
import { type Site } from '../contract/probe-set.ts';
import { columnMap } from './column-map.ts';
import { DECORATOR_HELPERS } from './decorator-helpers.ts';
import { Edits } from './edits.ts';
import { AccessorStripper } from './strip-accessor.ts';
import { BlankingTypeStripper, type TypeOptions } from './strip-types.ts';
import { type Names, unusedNames } from './names.ts';
import { lineStartsOf, SiteTable } from './site-table.ts';
import {
  chainMappings,
  decodeMappings,
  encodeMappings,
  type MappedLines,
  segmentAt,
  type SourceMap,
} from './source-map.ts';
import { eachChild, isFunction, type Node, type Parse } from './syntax-tree.ts';
import { ProbeInserter } from './insert-probes.ts';

/** Part of every cache key: raise it with every change of the emitted text. */
export const EMITTER_VERSION = 12;

/** Where no tsconfig.json says anything. */
const DEFAULT_TYPES: TypeOptions = { keepsImports: false, definesFields: true };

export interface InstrumentOptions {
  /** The file's path, as the site table shows it. */
  readonly path: string;
  readonly kind: 'module' | 'commonjs';
  readonly typescript: boolean;
  /** What remains of types; default: as where tsconfig.json says nothing. */
  readonly types?: TypeOptions;
  readonly jsx: boolean;
  /** Where ES modules import `probes` from. */
  readonly probesUrl: string;
  readonly parse: Parse;
  /** For syntax that blanks cannot remove. Absent: files with such syntax are refused. */
  readonly transform?: Transform;
  /** The source map that the file itself names, already read. */
  readonly inputSourceMap?: InputSourceMap | null;
}

/** From a compiled file to what it was compiled from. */
export interface InputSourceMap {
  /** Absolute paths. */
  readonly sources: readonly string[];
  readonly lines: MappedLines;
  /** Text of a 0-based line of a source; null when it is unknown. */
  readonly textOf: (source: number, line: number) => string | null;
}

/** Replaces decorators, namespaces and JSX by plain JavaScript; null where it cannot. */
export type Transform = (
  path: string,
  source: string,
  lang: 'ts' | 'tsx' | 'jsx',
) => { readonly code: string; readonly mappings: string } | null;

export interface Instrumented {
  readonly code: string;
  /**
   * From the emitted text to what a debugger shows: the file on disk or, through the file's own
   * map, its source.
   */
  readonly map: SourceMap;
  /** From the emitted text to the file on disk. */
  readonly positions: MappedLines;
  readonly sites: readonly Site[];
}

export type Outcome =
  | { readonly kind: 'instrumented'; readonly result: Instrumented }
  /** Nothing in it needs a probe. */
  | { readonly kind: 'unchanged' }
  /** It could not be instrumented. `why` goes into the recording. */
  | { readonly kind: 'refused'; readonly why: string };

/** Whether a text comes from here: the loader may be shown what it made itself. */
export function isInstrumented(source: string): boolean {
  return source.includes('.v ??= $p');
}

/**
 * Judges by the text alone. False: neither async code nor the library's name is in it. The types of
 * a TypeScript file must be removed all the same.
 */
export function mayNeedProbes(source: string): boolean {
  return /['"]simul['"]|\b(?:async|await)\b/.test(source);
}

export function instrument(source: string, options: InstrumentOptions): Outcome {
  if (!options.typescript && !options.jsx && !mayNeedProbes(source)) return { kind: 'unchanged' };
  const lang = options.typescript ? (options.jsx ? 'tsx' : 'ts') : options.jsx ? 'jsx' : 'js';
  const { program, error } = options.parse(options.path, source, lang, options.kind);
  if (error !== null) return { kind: 'refused', why: `does not parse: ${error}` };
  const names = unusedNames(source);
  const obstacle = mayNeedProbes(source) ? obstacleIn(program, source, options.kind) : null;
  if (obstacle !== null && lang === 'js') return { kind: 'refused', why: obstacle };

  const lineStarts = lineStartsOf(source);
  const edits = new Edits(source);
  const types =
    lang === 'js' ? null : new BlankingTypeStripper(edits, program, options.types ?? DEFAULT_TYPES);
  let sites = new SiteTable(source, lineStarts);
  const isActivation = options.kind === 'module' && /\bawait\b/.test(source) && hasTopLevelAwait(program);
  new ProbeInserter(edits, sites, names, types).insertInto(program, isActivation);
  if (edits.untouched && types?.needsTransform == null) return { kind: 'unchanged' };

  let emitted = edits;
  if (types !== null && types.needsTransform !== null) {
    // A second pass without blanks: the transformer needs the types.
    emitted = new Edits(source);
    sites = new SiteTable(source, lineStarts);
    new ProbeInserter(emitted, sites, names, new AccessorStripper(emitted)).insertInto(program, isActivation);
  }
  if (sites.sites.length > 0) emitted.insertFirst(firstStatement(program), probesImport(names, options));
  if (types?.hasDecorators) emitted.insertFirst(firstStatement(program), DECORATOR_HELPERS);
  let code = emitted.toString();
  let positions: MappedLines = columnMap(emitted, lineStarts);
  if (types !== null && types.needsTransform !== null) {
    const transformed = options.transform?.(options.path, code, lang === 'js' ? 'jsx' : lang);
    if (!transformed) return { kind: 'refused', why: `needs a transformer: ${types.needsTransform}` };
    code = transformed.code;
    positions = chainMappings(decodeMappings(transformed.mappings), positions);
  }
  const map = mapOf(options, positions);
  const mapped = sites.sites.map((site) => throughInputMap(site, options.inputSourceMap));
  if (mapped.length > 0) code += siteTableFunction(names, options, mapped);
  return { kind: 'instrumented', result: { code, map, positions, sites: mapped } };
}

/**
 * The first import of a module is evaluated before its others. So a circular import, which may call
 * into this module before its body runs, finds the probes there. CommonJS exports nothing before
 * its first statement.
 */
function probesImport({ probes }: Names, { kind, probesUrl }: InstrumentOptions): string {
  return kind === 'module'
    ? `import { probes as ${probes} } from ${quoted(probesUrl)}; `
    : `const ${probes} = globalThis[Symbol.for("simul.probes")]; `;
}

/** Stands after the last line, where it moves nothing. A function, for it is hoisted. */
function siteTableFunction(names: Names, options: InstrumentOptions, sites: readonly Site[]): string {
  const { probes, base } = names;
  const path =
    options.inputSourceMap?.sources.length === 1 ? options.inputSourceMap.sources[0]! : options.path;
  const file = `${probes}.file(${quoted(path)}, ${quoted(JSON.stringify(sites))})`;
  return `\nfunction ${base}() { return ${base}.v ??= ${file}; }`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function mapOf(options: InstrumentOptions, positions: MappedLines): SourceMap {
  const inputMap = options.inputSourceMap;
  return {
    version: 3,
    sources: inputMap ? inputMap.sources : [options.path],
    names: [],
    mappings: encodeMappings(inputMap ? chainMappings(positions, inputMap.lines) : positions),
  };
}

/** The site in the source that the user wrote, when the file was compiled from one. */
function throughInputMap(site: Site, inputMap: InputSourceMap | null | undefined): Site {
  if (!inputMap) return site;
  const origin = segmentAt(inputMap.lines, site.line - 1, site.column - 1);
  if (origin === null) return site;
  const { source, originalLine, originalColumn } = origin;
  const text = inputMap.textOf(source, originalLine);
  const moved = {
    ...site,
    line: originalLine + 1,
    column: originalColumn + 1,
    ...(text === null ? {} : { lineHash: hashLine(text) }),
  };
  return inputMap.sources.length === 1 ? moved : { ...moved, path: inputMap.sources[source] ?? '' };
}

/** Offset of the first statement; only the hashbang, comments and directives stand before it. */
function firstStatement(program: Node): number {
  const statements: readonly Node[] = program['body'];
  return statements.find((statement) => statement['directive'] == null)?.start ?? program.end;
}

/** What in a file makes our names unsafe, in words; null when nothing does. */
function obstacleIn(program: Node, source: string, kind: 'module' | 'commonjs'): string | null {
  if (kind === 'module') return null;
  for (const statement of program['body'] as Node[]) {
    for (const declared of statement['declarations'] ?? []) {
      const name: unknown = declared.id.name;
      if (name === 'Symbol' || name === 'globalThis') return `declares ${name} of its own`;
    }
  }
  return /\bwith\b/.test(source) && containsWith(program) ? 'has a `with` statement' : null;
}

function containsWith(node: Node): boolean {
  if (node.type === 'WithStatement') return true;
  let found = false;
  eachChild(node, (child) => (found ||= containsWith(child)));
  return found;
}

function hasTopLevelAwait(node: Node): boolean {
  let found = false;
  eachChild(node, (child) => {
    if (found || isFunction(child) || child.type === 'StaticBlock') return;
    if (child.type === 'PropertyDefinition') child = child['key'];
    found = isAwait(child) || hasTopLevelAwait(child);
  });
  return found;
}

function isAwait(node: Node): boolean {
  return (
    node.type === 'AwaitExpression' ||
    (node.type === 'ForOfStatement' && Boolean(node['await'])) ||
    (node.type === 'VariableDeclaration' && node['kind'] === 'await using')
  );
}
