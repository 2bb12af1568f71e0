/**
 * How a function gets to another thread or process: a function itself cannot be sent.
 *
 *   exported by a module          ─▶ the module's URL and the export's name; the worker imports it
 *   takes nothing from around     ─▶ its text
 *   anything else                 ─▶ refused at the call, naming what it takes
 *
 * The file the program was started with is the last to be imported, for importing runs it again: then its start must be guarded by
 * `if (isMain)`, as `if __name__ == '__main__'` guards it in Python.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { findExportName } from './export-name.ts';
import { type CapturedName, freeNames } from './free-names.ts';
import { pathOfUrl, type FunctionLocation, locateFunction } from './locate-function.ts';

export interface ExportedFunction {
  readonly url: string;
  readonly name: string;
  readonly text: string;
}

export interface InlineFunction {
  readonly text: string;
  /** What its text needs around it: the instrument's names, where the file is instrumented. */
  readonly prelude: string;
  readonly label: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type FunctionReference = ExportedFunction | InlineFunction;

/** Anything that can be called with these arguments. */
export type AnyFunction = (...args: never[]) => unknown;

/** What comes of calling it elsewhere: a promise's value, a coroutine's return. */
export type ReturnOf<F extends AnyFunction> = CallResult<ReturnType<F>>;
export type CallResult<R> = R extends Generator<unknown, infer G, unknown> ? G : Awaited<R>;

const known = new WeakMap<object, FunctionReference>();

/**
 * @param who the call that needs it, for messages: `pool.map()`.
 * @throws TypeError saying why the function cannot run elsewhere.
 */
export function referenceFunction(fn: unknown, who: string): FunctionReference {
  if (typeof fn !== 'function') throw new TypeError(`${who} needs a function, not ${describeGiven(fn)}`);
  let name = known.get(fn);
  if (name === undefined) known.set(fn, (name = createReference(fn, who)));
  return name;
}

function createReference(fn: Function, who: string): FunctionReference {
  const text = Function.prototype.toString.call(fn);
  const label = fn.name === '' ? 'the function' : `${fn.name}()`;
  const refuse = (why: string): never => {
    throw new TypeError(`${who} cannot run ${label} elsewhere: ${why}`);
  };
  if (/\{\s*\[native code\]\s*\}$/.test(text))
    refuse('it is native or bound; give a function of a module, or an inline one that calls it');
  if (/^class\b/.test(text)) refuse('it is a class; give a function that makes one');

  const place = locateFunction(fn);
  const path = place === null ? null : pathOfUrl(place.url);
  const main = mainUrl();
  const exported = place === null || path === null ? null : findExport(fn, place, path);
  const isMain = place !== null && place.url === main;
  if (exported !== null && !isMain) return { url: place!.url, name: exported, text };

  if (!/^(async\b\s*)?(function\b|\(|[\p{ID_Start}$_][\p{ID_Continue}$]*\s*=>)/u.test(text))
    refuse(
      'it is a method, whose object would be missing; give a function that makes the object and calls it',
    );
  const prelude = findPrelude(text, place);
  let captured: CapturedName[] = [];
  try {
    captured = freeNames(text).filter(({ name }) => !prelude.names.includes(name));
  } catch {
    if (exported === null) refuse('its text cannot be read; export it from a module');
  }
  if (captured.length === 0) {
    const file = path === null ? '' : place!.url;
    return {
      text,
      prelude: prelude.text,
      label: fn.name,
      file,
      line: place?.line ?? 0,
      column: place?.column ?? 0,
    };
  }
  if (exported !== null) return { url: place!.url, name: exported, text };
  const { name, reason: why } = captured[0]!;
  return refuse(
    why ??
      `it captures "${name}" from around itself; give that as an argument, or export the function from its file`,
  );
}

function findExport(fn: Function, place: FunctionLocation, path: string): string | null {
  // CommonJS: the module's exports are at hand.
  const module = (createRequire(import.meta.url).cache as Record<string, { exports: unknown } | undefined>)[
    path
  ];
  if (module !== undefined) {
    const { exports } = module;
    if (exports === fn) return 'module.exports';
    if (typeof exports === 'object' && exports !== null) {
      for (const key of Object.keys(exports)) {
        try {
          if ((exports as Record<string, unknown>)[key] === fn) return key;
        } catch {
          // A getter of the user's that throws is none that gives this function.
        }
      }
    }
  }
  return findExportName(place.source, place.at);
}

function mainUrl(): string {
  const [, entry] = process.argv;
  if (entry === undefined) return '';
  try {
    return pathToFileURL(createRequire(import.meta.url).resolve(entry)).href;
  } catch {
    return pathToFileURL(entry).href;
  }
}

/** Instrumented code calls its probes and its file's table of sites; esbuild's calls `__name`. */
function findPrelude(
  text: string,
  place: FunctionLocation | null,
): { readonly text: string; readonly names: readonly string[] } {
  const parts: string[] = [];
  const names: string[] = [];
  if (/\b__name\(/.test(text)) {
    parts.push(
      "const __name = (fn, name) => Object.defineProperty(fn, 'name', { value: name, configurable: true });",
    );
    names.push('__name');
  }
  const table =
    place === null
      ? null
      : /^function (\$b\d*)\(\) \{ return \1\.v \?\?= (\$p\d*)\.file\(.*\); \}$/m.exec(place.source);
  if (table !== null) {
    const [sites, base, probes] = table as unknown as [string, string, string];
    parts.push(`const ${probes} = globalThis[Symbol.for('simul.probes')]; ${sites}`);
    names.push(base, probes);
  }
  return { text: parts.join(' '), names };
}

export function describeGiven(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'object') return `an object (${value.constructor?.name ?? 'no class'})`;
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  return typeof value === 'undefined' ? 'undefined' : `${typeof value} ${String(value)}`;
}
