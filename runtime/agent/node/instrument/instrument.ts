/**
 * Source text in, instrumented text with its source map and site table out. Pure: it reads no file
 * and keeps no state. The parser, the transformer and the file's own source map are parameters.
 *
 * It changes no line number and no meaning. A file that it cannot parse, or need not change, is
 * loaded as it is: if there is an error in it, Node reports it.
 */
import { hashLine } from '../../../trace/format/hash.ts';
import { BASE, PREFIX, PROBE } from '../contract/emitted-names.ts';
import { type Site } from '../contract/probe-set.ts';
import { mayHoldCallbacks } from './callbacks.ts';
import { commonJsPrologue } from './commonjs-names.ts';
import { columnMap } from './column-map.ts';
import { Edits } from './edits.ts';
import { ProbeInserter } from './insert-probes.ts';
import { ignoredRules } from './ignored-rules.ts';
import { lineStartsOf, SiteTable } from './site-table.ts';
import {
  chainMappings,
  decodeMappings,
  encodeMappings,
  type MappedLines,
  segmentAt,
  type SourceMap,
} from './source-map.ts';
import { AccessorStripper } from './strip-accessor.ts';
import { BlankingTypeStripper, type TypeOptions } from './strip-types.ts';
import { eachChild, type Goal, isFunction, type Node, type Parse } from './syntax-tree.ts';
import { textHash } from './text-hash.ts';
import { unknownSyntax, type V8Syntax } from './unknown-syntax.ts';

declare const __simulEmitter: string | undefined;
/** Part of every cache key: a hash of the code that makes the texts, given by the build. */
export const EMITTER_VERSION: string = typeof __simulEmitter === 'string' ? __simulEmitter : 'unbuilt';

/** Where no tsconfig.json says anything. */
const DEFAULT_TYPES: TypeOptions = { keepsImports: false, definesFields: true };

export interface InstrumentOptions {
  /** What this Node's V8 knows; where it is left out, what the parser knows. */
  readonly v8?: V8Syntax | undefined;
  /** The file's path, as the site table shows it. */
  readonly path: string;
  /**
   * What the text is to V8. `script`: plain code of a realm (`vm.Script`), at whose top level
   * nothing may be declared. `function`: the body of a function (`vm.compileFunction`).
   */
  readonly kind: 'module' | 'commonjs' | 'script' | 'function';
  /** Full depth has a promise hook that tells how an activation ended; light depth has none. */
  readonly depth: 'full' | 'light';
  /** Generators that are not async get probes, too; default: they run as written. */
  readonly generators?: boolean;
  readonly typescript: boolean;
  /** A module that was written to become CommonJS: it is given the names of CommonJS. */
  readonly isForCommonJs?: boolean;
  /** What remains of types; default: as where tsconfig.json says nothing. */
  readonly types?: TypeOptions;
  readonly jsx: boolean;
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
  /** Texts of the sources that are not on the disk, where the map brings them. */
  readonly contents?: readonly (string | null)[];
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
  return source.includes(`${PROBE.file}(`);
}

/** Judges by the text alone. False: neither async code nor the library's name is in it. */
export function mayHoldTasks(source: string): boolean {
  return /['"]simul(?:\/jobs)?['"]|\b(?:async|await)\b/.test(source);
}

/** Judges by the text alone. False: no generator in it ever yields. */
export const mayHoldGenerators = (source: string): boolean => /\byield\b/.test(source);

/**
 * Judges by the text alone. False: it holds no tasks and no callbacks, makes no promise and no
 * stream, and calls nothing that fills a stream or sends an event. The types of a TypeScript file
 * must be removed all the same.
 * @param generators they are to be seen
 */
export function mayNeedProbes(source: string, generators = false): boolean {
  return (
    mayHoldTasks(source) ||
    mayHoldCallbacks(source) ||
    (generators && mayHoldGenerators(source)) ||
    OTHER_PROBES.test(source)
  );
}

const OTHER_PROBES =
  /\.(?:write|emit|dispatchEvent)\(|\bnew\s+Promise\b|\bwithResolvers\b|\b(?:Transform|Writable|Duplex)\b|\b(?:callback|cb|done|finished)\(/;

export function instrument(source: string, options: InstrumentOptions): Outcome {
  return instrumentText(source, options, null);
}

/**
 * @param prologue of a text that the transformer made: what goes before its first statement. Null:
 *   the text is as it was given.
 */
function instrumentText(source: string, options: InstrumentOptions, prologue: string | null): Outcome {
  const { kind, typescript, jsx, generators = false } = options;
  if (!typescript && !jsx && prologue === null && !mayNeedProbes(source, generators))
    return { kind: 'unchanged' };
  if (source.includes(PREFIX)) return { kind: 'refused', why: `holds the name ${PREFIX}` };
  const lang = typescript ? (jsx ? 'tsx' : 'ts') : jsx ? 'jsx' : 'js';
  const { program, error } = options.parse(options.path, source, lang, goalOf(kind));
  if (error !== null) return { kind: 'refused', why: `does not parse: ${error}` };
  if (lang === 'js' && kind !== 'module' && /\bwith\b/.test(source) && containsWith(program)) {
    return { kind: 'refused', why: 'has a `with` statement' };
  }
  const unknown = options.v8 === undefined ? null : unknownSyntax(source, program, options.v8);
  if (unknown !== null) return { kind: 'refused', why: `has ${unknown}, which this Node does not know` };

  const lineStarts = lineStartsOf(source);
  const edits = new Edits(source);
  const types =
    lang === 'js' ? null : new BlankingTypeStripper(edits, program, options.types ?? DEFAULT_TYPES);
  // What the transformer made of a source keeps the keyword.
  const stripper = types ?? (prologue === null ? null : new AccessorStripper(edits));
  const sites = new SiteTable(source, lineStarts);
  const isActivation = kind === 'module' && /\bawait\b/.test(source) && hasTopLevelAwait(program);
  const hash = kind === 'script' ? textHash(`${options.path}\n${source}`) : '';
  const base = kind === 'script' ? `${PROBE.baseOfScript}("${hash}")` : `${BASE}()`;
  new ProbeInserter(edits, sites, {
    types: stripper,
    base,
    guardAll: options.depth === 'light',
    seesGenerators: generators,
  }).insertInto(program, isActivation);
  const notCompiled =
    types?.notCompiled ?? (typescript && kind === 'commonjs' ? moduleSyntax(program) : null);
  if (notCompiled !== null) return { kind: 'refused', why: refusalOf(notCompiled) };
  if (types !== null && types.needsTransform !== null) {
    return instrumentTransformed(source, options, types.needsTransform, types.hasDecorators);
  }
  const names = options.isForCommonJs === true ? commonJsPrologue(program, source) : '';
  const opening = names + (prologue ?? '');
  if (opening !== '') edits.insertFirst(firstStatement(program), opening);
  if (edits.untouched) return { kind: 'unchanged' };
  for (const ignored of ignoredRules(source)) sites.addIgnored(ignored);

  const mapped = sites.sites.map((site) => throughInputMap(site, options.inputSourceMap));
  if (mapped.length > 0 && kind === 'script') {
    edits.insertFirst(firstStatement(program), `${PROBE.file}(${tableOf(options, mapped)},"${hash}");`);
  }
  let code = edits.toString();
  const positions = columnMap(edits, lineStarts);
  const map = mapOf(options, positions);
  if (mapped.length > 0 && kind !== 'script') {
    // After the last line, where it moves nothing. A function, for it is hoisted.
    code += `\nfunction ${BASE}(){return ${BASE}.v??=${PROBE.file}(${tableOf(options, mapped)})}`;
  }
  return { kind: 'instrumented', result: { code, map, positions, sites: mapped } };
}

/** What a CommonJS file would have to be compiled for; null: nothing. */
function moduleSyntax(program: Node): string | null {
  const isOfModule = ({ type, importKind, exportKind }: Node): boolean =>
    (type === 'ImportDeclaration' && importKind !== 'type') ||
    (type.startsWith('Export') && exportKind !== 'type');
  return (program['body'] as Node[]).some(isOfModule) ? '`import` or `export` in a CommonJS file' : null;
}

/** Node would say that it is no JavaScript. */
const refusalOf = (syntax: string): string =>
  `it holds ${syntax}, which Simul does not compile; trace it as the project runs it, for instance: ` +
  'simul trace -- npx tsx FILE';

/** A file with syntax that blanks cannot remove: what V8 would get of it is instrumented. */
function instrumentTransformed(
  source: string,
  options: InstrumentOptions,
  needsTransform: string,
  hasDecorators: boolean,
): Outcome {
  const { path } = options;
  const lang = options.typescript ? (options.jsx ? 'tsx' : 'ts') : 'jsx';
  const transformed = options.transform?.(path, source, lang);
  if (!transformed) return { kind: 'refused', why: refusalOf(needsTransform) };
  const lines = decodeMappings(transformed.mappings);
  const sourceLines = source.split(/\r\n|[\n\r\u2028\u2029]/);
  const inputSourceMap: InputSourceMap = {
    sources: [path],
    lines,
    textOf: (_source, line) => sourceLines[line] ?? null,
  };
  const inner: InstrumentOptions = { ...options, typescript: false, jsx: false, inputSourceMap };
  const outcome = instrumentText(transformed.code, inner, hasDecorators ? DECORATORS : '');
  if (outcome.kind === 'refused') return outcome;
  if (outcome.kind === 'unchanged') {
    const map = { version: 3 as const, sources: [path], names: [], mappings: transformed.mappings };
    return { kind: 'instrumented', result: { code: transformed.code, map, positions: lines, sites: [] } };
  }
  const positions = chainMappings(outcome.result.positions, lines);
  return { kind: 'instrumented', result: { ...outcome.result, positions } };
}

/** The transformer calls its helpers by this name, and would import them from a package. */
const DECORATORS = `const babelHelpers=${PROBE.decoratorHelpers};`;

function goalOf(kind: InstrumentOptions['kind']): Goal {
  return kind === 'function' ? 'commonjs' : kind;
}

/** The first arguments of `file`: the path, and the table of the sites. */
function tableOf(options: InstrumentOptions, sites: readonly Site[]): string {
  const path =
    options.inputSourceMap?.sources.length === 1 ? options.inputSourceMap.sources[0]! : options.path;
  return `${quoted(path)},${quoted(JSON.stringify(sites))}`;
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (char) =>
    char === '\u2028' ? '\\u2028' : '\\u2029',
  );
}

function mapOf(options: InstrumentOptions, positions: MappedLines): SourceMap {
  const inputMap = options.inputSourceMap;
  return {
    version: 3,
    sources: inputMap ? inputMap.sources : [options.path],
    ...(inputMap?.contents === undefined ? {} : { sourcesContent: inputMap.contents }),
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
