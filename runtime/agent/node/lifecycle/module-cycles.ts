/**
 * Modules that wait for ever for each other: one awaits, at its top level, the `import()` of a
 * module that imports it. Asked once nothing is left to do and a module's body is still waiting:
 * then the modules' files are read again, and their imports followed by their text.
 *
 * It follows relative paths that are written out. One that is computed may lead to each file that
 * was loaded: where but one body waits, it waits for none else's end. It reads at most MAX_FILES
 * files, and runs nothing.
 */
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashLine } from '../../../trace/format/hash.ts';
import { FACT, KIND, SITE_ROLE } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';

const MAX_FILES = 500;
const MAX_FILE_BYTES = 4 << 20;
const CYCLE = FACT['module-cycle'];

/** A module's body that waits. */
export interface WaitingModule {
  /** Id of its activation. */
  readonly id: number;
  readonly path: string;
}

interface Import {
  readonly specifier: string;
  readonly isDynamic: boolean;
  /** Offset of the statement or call. */
  readonly at: number;
}

/** The way back from a module to itself. */
export interface ModuleCycle {
  /** Paths of the modules in between, in the order of their imports. */
  readonly through: readonly string[];
  /** The import that closes it, in the last of them. 1-based. */
  readonly line: number;
  readonly column: number;
  readonly lineText: string;
}

/** @param loaded paths of the files that were loaded, the program's own */
export function recordModuleCycles(
  modules: readonly WaitingModule[],
  loaded: readonly string[],
  recorder: Recorder,
): void {
  for (const { id, path } of modules) {
    const cycle = findModuleCycle(path, modules.length === 1 ? loaded : []);
    if (cycle === null) continue;
    const { through, line, column, lineText } = cycle;
    const site = recorder.reserveSiteIds(1);
    recorder.defineSite({
      id: site,
      file: through.at(-1)!,
      line,
      column,
      fn: '<module>',
      text: '',
      role: SITE_ROLE.line,
      direct: false,
      lineHash: hashLine(lineText),
    });
    const names = recorder.defineText(through.map((each) => basename(each)).join(' → '));
    recorder.write(KIND.fact, CYCLE, id, 0, names, site, 0);
  }
}

/**
 * The shortest way with an `import()` in it; null: there is none.
 * @param loaded where an `import()` of the first file may lead whose path is computed
 */
export function findModuleCycle(start: string, loaded: readonly string[] = []): ModuleCycle | null {
  const texts = new Map<string, string | null>();
  const textOf = (path: string): string | null => {
    let text = texts.get(path);
    if (text === undefined) texts.set(path, (text = texts.size < MAX_FILES ? readText(path) : null));
    return text;
  };
  type Step = { readonly path: string; readonly hasDynamic: boolean; readonly before: Step | null };
  const steps: Step[] = [{ path: start, hasDynamic: false, before: null }];
  const seen = new Set([`${start} false`]);
  for (const step of steps) {
    const text = textOf(step.path);
    if (text === null) continue;
    const isComputed = step.path === start && COMPUTED_IMPORT.test(text);
    const computed = isComputed ? loaded.map((specifier) => ({ specifier, isDynamic: true, at: 0 })) : [];
    for (const { specifier, isDynamic, at } of [...importsIn(text), ...computed]) {
      const path = resolveImport(step.path, specifier);
      if (path === null) continue;
      const hasDynamic = step.hasDynamic || isDynamic;
      if (path === start && hasDynamic && step.path !== start) {
        const through: string[] = [];
        for (let way: Step = step; way.before !== null; way = way.before) through.unshift(way.path);
        return { through, ...placeOf(text, at) };
      }
      const key = `${path} ${hasDynamic}`;
      if (path === start || seen.has(key)) continue;
      seen.add(key);
      steps.push({ path, hasDynamic, before: step });
    }
  }
  return null;
}

const IMPORTS =
  /\b(?:import|export)\s+(?!type\b)(?:[\w$*{}\s,]*?\bfrom\s*)?(["'])([^"'\n]+)\1|\bimport\s*\(\s*(["'`])([^"'`$\n]+)\3\s*[,)]/g;

const COMPUTED_IMPORT = /\bimport\s*\(\s*(?!(["'`])[^"'`$\n]+\1\s*[,)])/;

/** Imports in the order of the text, as written. Comments are blanked. */
export function importsIn(text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  );
  return [...code.matchAll(IMPORTS)].map((match) => ({
    specifier: match[2] ?? match[4]!,
    isDynamic: match[4] !== undefined,
    at: match.index,
  }));
}

/** TypeScript's sources are imported by the names of what they become. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.mjs': ['.mts'],
  '': ['.ts', '.js', '.mjs', '.mts', '/index.js', '/index.ts'],
};

function resolveImport(from: string, specifier: string): string | null {
  const isRelative = /^\.{0,2}\//.test(specifier);
  if (!isRelative && !specifier.startsWith('file:')) return null;
  const path = isRelative ? resolve(dirname(from), specifier.replace(/[?#].*$/, '')) : pathOfUrl(specifier);
  if (path === null || isFile(path)) return path;
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  return (SOURCES[extension] ?? []).map((other) => stem + other).find(isFile) ?? null;
}

function pathOfUrl(url: string): string | null {
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

const isFile = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
};

function readText(path: string): string | null {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= MAX_FILE_BYTES ? readFileSync(path, 'utf8') : null;
  } catch {
    return null;
  }
}

function placeOf(text: string, at: number): Pick<ModuleCycle, 'line' | 'column' | 'lineText'> {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = text.indexOf('\n', at);
  return {
    line: before.split('\n').length,
    column: at - lineStart + 1,
    lineText: text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd + 1),
  };
}
