/**
 * Turns the text of one file into the text that runs: from the cache, or instrumented now. It never
 * fails into the program: after a fault of ours the file runs as it is, and the report says so.
 */
import { builtIns } from '../../../recorder/built-ins.ts';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  EMITTER_VERSION,
  instrument,
  isInstrumented,
  mayHoldGenerators,
  mayHoldTasks,
  mayNeedProbes,
} from '../instrument/instrument.ts';
import {
  decodeMappings,
  encodeMappings,
  type MappedLines,
  type SourceMap,
} from '../instrument/source-map.ts';
import { type Language } from '../instrument/syntax-tree.ts';
import { syntaxOfV8 } from '../instrument/unknown-syntax.ts';
import { textHash } from '../instrument/text-hash.ts';
import { removeProbes } from '../contract/remove-probes.ts';
import { areOwnMapsWithheld, programUsesSourceMaps } from '../stack/source-maps-switch.ts';
import { CodeCache, type CacheEntry } from './code-cache.ts';
import { isJsx, isTypeScript } from './file-scope.ts';
import { noteForeignFile } from './foreign-modules.ts';
import { kindOfPath, kindOfText, type ModuleKind } from './module-kind.ts';
import { type FileReport, type LoaderOptions } from './options.ts';
import { readInputSourceMap } from './input-source-map.ts';
import { parse } from './parser.ts';
import { asCounted, inText, NO_OFFSET, type TextOffset } from './text-offset.ts';
import { compilerOptionsFor, typeOptionsOf } from './tsconfig.ts';
import { transformWith } from './transformer.ts';

/** What a text is to V8: a file, or code that the program compiles by itself. */
export type TextKind = ModuleKind | 'script' | 'function';

interface Given {
  readonly path: string;
  readonly source: string;
  /** Null where only the text can tell. */
  readonly kind: TextKind | null;
  /** It may hold types or JSX, as its name says. */
  readonly isSource: boolean;
  readonly offset: TextOffset;
}

export interface Translated {
  readonly code: string;
  readonly kind: ModuleKind;
}

export class Translator {
  readonly #options: LoaderOptions;
  readonly #cache: CodeCache | null;
  readonly #report: (file: FileReport) => void;
  /** Positions of the files translated on this thread, decoded when a stack asks for them. */
  readonly #positions = new Map<string, string | MappedLines>();
  /** URLs of the maps that were withheld, by file. */
  readonly #withheldMaps = new Map<string, string>();
  /** Files whose texts another thread handed in without their maps. */
  readonly #withheldElsewhere = new Set<string>();
  /** Keys of the emitted texts in the cache, by file. */
  readonly #keys = new Map<string, string>();
  /** Files whose map Node has read, for the program switched maps on. */
  readonly #handedIn = new Set<string>();
  #startNs = 0n;

  constructor(options: LoaderOptions, report: (file: FileReport) => void) {
    this.#options = options;
    this.#cache = options.cacheDir === undefined ? null : new CodeCache(options.cacheDir);
    this.#report = report;
  }

  /**
   * Puts probes into JavaScript, whoever made it.
   * @param kind null where only the text can tell
   * @returns the text for V8; null when it is to run as it is
   */
  instrument(
    path: string,
    source: string,
    kind: TextKind | null,
    offset: TextOffset = NO_OFFSET,
  ): string | null {
    if (isInstrumented(source)) return null;
    return this.#attempt({ path, source, kind, isSource: false, offset })?.code ?? null;
  }

  /**
   * Compiles TypeScript or JSX that nobody else compiles, and puts probes into it.
   * @returns null when it cannot be compiled: then Node is to say what is wrong with it
   */
  compile(path: string, source: string): Translated | null {
    const kind = kindOfPath(path);
    // `import` in a package of CommonJS was written for a compiler: the text decides.
    const isOpen = kind === 'commonjs' && !path.endsWith('.cts');
    return this.#attempt({ path, source, kind: isOpen ? null : kind, isSource: true, offset: NO_OFFSET });
  }

  #attempt(given: Given): Translated | null {
    this.#startNs = builtIns.now();
    try {
      return this.#translate(given);
    } catch (error) {
      this.#reportFile(given.path, 'refused', String(error), false);
      return null;
    }
  }

  /** Reports a file of `node_modules`, which is loaded as it is. */
  reportForeign(path: string): void {
    noteForeignFile(path);
    this.#startNs = builtIns.now();
    this.#reportFile(path, 'foreign', '', false);
  }

  /** Reports code that ran and could not be reached. */
  reportUnreached(name: string, source: string, why: string): void {
    this.#startNs = builtIns.now();
    if (mayHoldTasks(source)) this.#reportFile(name, 'refused', why, false);
  }

  /** From the emitted text of a file to the file; null when the file runs as it is. */
  positionsOf(path: string): MappedLines | null {
    const known = this.#positions.get(path);
    if (typeof known !== 'string') return known ?? null;
    const lines = decodeMappings(known);
    this.#positions.set(path, lines);
    return lines;
  }

  /**
   * The kind of module that a source is, where neither name nor package.json decides.
   * @param isSource it holds types or JSX, if its name says so
   */
  kindOf(path: string, source: string, isSource: boolean): ModuleKind {
    this.#startNs = builtIns.now();
    const kind = kindOfSource(path, source, isSource);
    this.#reportFile(path, 'kind', '', false);
    return kind;
  }

  /** Paths of the files whose text was changed here. */
  files(): Iterable<string> {
    return this.#positions.keys();
  }

  /** The `data:` URL of a file's map, where the emitted text went without it. */
  withheldMapOf(path: string): string | null {
    const known = this.#withheldMaps.get(path);
    if (known !== undefined || !this.#withheldElsewhere.has(path)) return known ?? null;
    const code = this.#cache?.get(this.#keys.get(path) ?? '')?.code;
    return code === undefined ? null : mapOf(code);
  }

  /** Whether Node itself maps what runs for a file. */
  isMappedByNode(path: string): boolean {
    return this.#handedIn.has(path);
  }

  /** The text that V8 would have untraced; null where only the file can tell. */
  textOf(path: string): string | null {
    const code = this.#cache?.get(this.#keys.get(path) ?? '')?.code;
    return code === undefined ? null : removeProbes(code);
  }

  /** Takes over what another thread made of a file, for `positionsOf`. */
  adopt({ path, positions, key, isMapWithheld }: FileReport): void {
    if (positions === '') return;
    this.#positions.set(path, positions);
    this.#keys.set(path, key);
    if (isMapWithheld) this.#withheldElsewhere.add(path);
    else if (programUsesSourceMaps()) this.#handedIn.add(path);
  }

  #translate(given: Given): Translated | null {
    const { path, kind: declared, isSource } = given;
    const source = given.source.replace(/^\uFEFF/, '');
    // Node gives V8 the mark of a CommonJS file, too, and V8 counts it.
    const mark = source === given.source || isSource || declared === 'module' ? '' : '\uFEFF';
    const offset: TextOffset = { ...given.offset, column: given.offset.column + mark.length };
    const typescript = isSource && isTypeScript(path);
    const jsx = isSource && isJsx(path);
    const lowered = isLowered(source);
    const { depth, generators = false } = this.#options;
    const isOfInterest = lowered || depth === 'light' ? mayHoldTasks : mayNeedProbes;
    const holdsGenerators = generators && mayHoldGenerators(source);
    if (!typescript && !jsx && !holdsGenerators && !isOfInterest(source)) {
      this.#reportFile(path, lowered ? 'refused' : 'unchanged', lowered ? COMPILED_AWAY : '', false);
      return null;
    }
    const compiler = typescript || jsx ? compilerOptionsFor(path) : null;
    const key = textHash(
      JSON.stringify([
        EMITTER_VERSION,
        process.versions.v8,
        path,
        declared,
        depth,
        generators,
        compiler,
        offset,
      ]) + source,
    );
    const cached = this.#cache?.get(key) ?? null;
    if (cached) return this.#finish(given, cached, key);

    const kind = declared ?? kindOfSource(path, source, isSource);
    const outcome = instrument(source, {
      path,
      kind,
      typescript,
      jsx,
      depth,
      generators,
      parse,
      transform: transformWith(compiler),
      types: typeOptionsOf(compiler ?? {}),
      // What is compiled first becomes what V8 knows.
      v8: typescript || jsx ? undefined : V8,
      isForCommonJs: isSource && kind === 'module' && kindOfPath(path) !== 'module',
      inputSourceMap: isSource ? null : inText(readInputSourceMap(path, source), offset),
    });
    const isCompiledAway = outcome.kind === 'unchanged' && !typescript && !jsx && lowered;
    const entry: CacheEntry =
      outcome.kind === 'instrumented'
        ? {
            outcome: 'instrumented',
            why: kind,
            positions: encodeMappings(asCounted(outcome.result.positions, offset)),
            sites: outcome.result.sites.filter(({ role }) => role === 'function').length,
            code: mark + outcome.result.code + mapComment(path, outcome.result.map),
          }
        : {
            outcome: isCompiledAway ? 'refused' : outcome.kind,
            why: isCompiledAway ? COMPILED_AWAY : outcome.kind === 'refused' ? outcome.why : kind,
            positions: '',
            sites: 0,
            // A `.ts` file without types still has to be returned: older Nodes refuse its name.
            code: outcome.kind === 'unchanged' && (typescript || jsx) ? source : '',
          };
    this.#cache?.put(key, entry);
    return this.#finish(given, entry, key, false);
  }

  #finish({ path, isSource }: Given, entry: CacheEntry, key: string, cached = true): Translated | null {
    const why = entry.outcome === 'refused' ? entry.why : '';
    // What was compiled here is mapped to the file.
    const textKey = isSource ? '' : key;
    const isMapWithheld = entry.outcome === 'instrumented' && areOwnMapsWithheld();
    this.#reportFile(path, entry.outcome, why, cached, { ...entry, key: textKey, isMapWithheld });
    if (entry.outcome === 'refused' || entry.code === '') return null;
    if (entry.outcome === 'instrumented') {
      this.#positions.set(path, entry.positions);
      this.#keys.set(path, textKey);
    }
    return { code: this.#withMap(path, entry), kind: entry.why === 'module' ? 'module' : 'commonjs' };
  }

  #withMap(path: string, { outcome, code }: CacheEntry): string {
    if (outcome !== 'instrumented' || !programUsesSourceMaps()) return code;
    if (!areOwnMapsWithheld()) {
      this.#handedIn.add(path);
      return code;
    }
    const at = code.lastIndexOf(MAP_COMMENT);
    this.#withheldMaps.set(path, mapOf(code));
    const rest = code.slice(0, at);
    return rest.includes(MAP_COMMENT.trim()) ? rest : rest + NO_MAP;
  }

  #reportFile(
    path: string,
    outcome: FileReport['outcome'],
    why: string,
    cached: boolean,
    { sites, positions, key, isMapWithheld }: MadeText = NOTHING_MADE,
  ): void {
    const [fromNs, toNs] = [this.#startNs, builtIns.now()];
    this.#report({ path, outcome, why, cached, sites, positions, key, isMapWithheld, fromNs, toNs });
  }
}

function kindOfSource(path: string, source: string, isSource: boolean): ModuleKind {
  const language = isSource ? languageOf(path) : 'js';
  return kindOfText(source, (wanted) => parse(path, source, language, wanted));
}

type MadeText = Pick<FileReport, 'sites' | 'positions' | 'key' | 'isMapWithheld'>;

const NOTHING_MADE: MadeText = { sites: 0, positions: '', key: '', isMapWithheld: false };

const V8 = syntaxOfV8(process.versions.v8);

const COMPILED_AWAY = 'compiled to ES2015 or lower, its async functions cannot be seen';

/** Whether TypeScript, Babel or the like replaced async functions, for a target without them. */
function isLowered(source: string): boolean {
  return /\b(?:__awaiter|__async|_asyncToGenerator|asyncToGenerator)\b/.test(source);
}

function languageOf(path: string): Language {
  if (isTypeScript(path)) return isJsx(path) ? 'tsx' : 'ts';
  return isJsx(path) ? 'jsx' : 'js';
}

const MAP_COMMENT = '\n//# sourceMappingURL=';

/** The `data:` URL of the map at the end of an emitted text. */
const mapOf = (code: string): string =>
  code.slice(code.lastIndexOf(MAP_COMMENT) + MAP_COMMENT.length).trimEnd();
/** Node finds no map here, and asks for one all the same before it prints a line of the text. */
const NO_MAP = `${MAP_COMMENT}data:,\n`;

/**
 * The source map, inline, so that it is found wherever the text goes. A file that is its own source
 * is named relative to itself.
 */
function mapComment(path: string, map: SourceMap): string {
  const sources = map.sources.map((source) =>
    source === path ? encodeURIComponent(basename(path)) : pathToFileURL(source).href,
  );
  const text = JSON.stringify({ ...map, sources });
  return `${MAP_COMMENT}data:application/json;base64,${Buffer.from(text).toString('base64')}\n`;
}
