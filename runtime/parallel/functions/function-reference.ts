/**
 * How a function gets to another thread or process: a function itself cannot be sent.
 *
 *   exported by a module           ─▶ the module's URL and the export's name; the worker imports it
 *   uses nothing from around it    ─▶ its text
 *   a member of workerModule()     ─▶ the URL and the name that were given
 *   anything else                  ─▶ refused at the call, naming what it uses
 *
 * An export is known by its name and by the file in which V8 saw it. Its text may differ in the
 * worker, since each loader makes another text of the same file.
 *
 * The file that the program was started with is imported only when nothing else helps, because
 * importing it runs it again. Its start then needs the guard `if (isMain)`, as Python's programs
 * need `if __name__ == '__main__'`.
 */
import { pathToFileURL } from 'node:url';
import { findBridge } from '../../recorder/library-bridge.ts';
import { findCommonJsExport } from './commonjs-export.ts';
import { findExportName } from './export-name.ts';
import { adviseOn } from './captured-name.ts';
import { type CapturedName, freeNames } from './free-names.ts';
import { type FunctionLocation, locateFunction, pathOfUrl } from './locate-function.ts';
import { requireFromHere } from './require-from.ts';

export interface ExportedFunction {
  readonly url: string;
  readonly name: string;
  /** As it is shown here; empty when it is not known. It decides only between two of one name. */
  readonly text: string;
  /** Its module was loaded by `require` here. */
  readonly isCommonJs?: boolean;
}

export interface InlineFunction {
  readonly text: string;
  /** Declarations that the text needs: the probes' names, where the file is instrumented. */
  readonly prelude: string;
  readonly label: string;
  /** URL of the file that holds the function; empty when it is in no file. */
  readonly file: string;
  /** Of the function's first character in that file, 0-based. */
  readonly line: number;
  readonly column: number;
}

export type FunctionReference = ExportedFunction | InlineFunction;

/** Anything that can be called with these arguments. */
export type AnyFunction = (...args: never[]) => unknown;

/** What a call of F in a worker results in: a promise's value, a coroutine's return. */
export type ReturnOf<F extends AnyFunction> = CallResult<ReturnType<F>>;
export type CallResult<R> = R extends Generator<unknown, infer G, unknown> ? G : Awaited<R>;

/** A pattern: the text itself in a user's bundle would mark that as instrumented. */
const PROBE_NAME = /^\$simul\$/;

const references = new WeakMap<object, FunctionReference>();
/**
 * Functions that use nothing from around them, by their names and texts: an arrow that is written
 * in a loop is a new function each time. The file is the first one's; only stacks show it.
 */
const inlineFunctions = new Map<string, InlineFunction>();
/** A program has not so many, but it may make them. */
const MAX_INLINE = 1000;

/**
 * @param api the call that needs the function, for messages: `pool.map()`.
 * @throws TypeError saying why the function cannot run elsewhere.
 */
export function referenceFunction(fn: unknown, api: string): FunctionReference {
  if (typeof fn !== 'function') throw new TypeError(`${api} needs a function, not ${describeGiven(fn)}`);
  let reference = references.get(fn);
  if (reference === undefined) references.set(fn, (reference = createReference(fn, api)));
  return reference;
}

function createReference(fn: Function, api: string): FunctionReference {
  // As it runs, with its probes: a worker of a traced program has them, too.
  const text = findBridge().textOf(fn);
  const key = `${fn.name}\n${text}`;
  const known = inlineFunctions.get(key);
  if (known !== undefined) return known;
  const shown = Function.prototype.toString.call(fn);
  const label = fn.name === '' ? 'the function' : `${fn.name}()`;
  const refuse = (reason: string): never => {
    throw new TypeError(`${api} cannot run ${label} elsewhere: ${reason}`);
  };
  if (/\{\s*\[native code\]\s*\}$/.test(text))
    refuse('it is native or bound; give a function of a module, or an inline one that calls it');
  if (/^class\b/.test(text)) refuse('it is a class; give a function that makes one');

  const location = locateFunction(fn);
  const path = location === null ? null : pathOfUrl(location.url);
  const exported = location === null || path === null ? null : findExport(fn, location, path, shown);
  const isInMainFile = location !== null && location.url === mainUrl();
  if (exported !== null && !isInMainFile) return exported;

  if (!/^(async\b\s*)?(function\b|\(|[\p{ID_Start}$_][\p{ID_Continue}$]*\s*=>)/u.test(text))
    refuse(
      'it is a method, whose object would be missing; give a function that makes the object and calls it',
    );
  const prelude = findPrelude(text, location);
  let captured: CapturedName[] = [];
  try {
    captured = freeNames(text).filter(({ name }) => !prelude.names.includes(name) && !PROBE_NAME.test(name));
  } catch {
    if (exported === null) refuse(`its text cannot be read, and ${noExport(location, path)}; give ${DOOR}`);
  }
  if (captured.length === 0) {
    const inline = {
      text,
      prelude: prelude.text,
      label: fn.name,
      file: path === null ? '' : location!.url,
      line: location?.line ?? 0,
      column: location?.column ?? 0,
    };
    // What it requires and its probes' sites depend on its file.
    if (!/\brequire\b|\$simul\$/.test(text)) keepInline(key, inline);
    return inline;
  }
  if (exported !== null) return exported;
  const { name, reason } = captured[0]!;
  return refuse(
    reason === undefined
      ? `it captures "${name}" from around itself, and ${noExport(location, path)}; ` +
          adviseOn(name, location?.source ?? '', DOOR)
      : `${reason}, and ${noExport(location, path)}; give ${DOOR}`,
  );
}

function keepInline(key: string, inline: InlineFunction): void {
  if (inlineFunctions.size === MAX_INLINE) {
    const [oldest] = inlineFunctions.keys();
    inlineFunctions.delete(oldest!);
  }
  inlineFunctions.set(key, inline);
}

/** The way that is open in any case. */
const DOOR = 'the function through workerModule() with the URL of a file that exports it';

/** Why the function is not known as an export. It may be one all the same: a bundle hides that. */
function noExport(location: FunctionLocation | null, path: string | null): string {
  if (location === null) return 'V8 does not say here in which file it stands';
  if (path !== null) return `no export of it was found in ${path}`;
  return `it stands in no file (${location.url === '' ? 'its code has no name' : location.url})`;
}

function findExport(
  fn: Function,
  location: FunctionLocation,
  path: string,
  text: string,
): ExportedFunction | null {
  const { url } = location;
  const required = findCommonJsExport(path, fn);
  if (required !== null) return { url, name: required, text, isCommonJs: true };
  const name = findExportName(location.source, location.offset);
  return name === null ? null : { url, name, text };
}

/** Makes a function known as an export, wherever it is defined. */
export function setReference(fn: Function, reference: ExportedFunction): void {
  references.set(fn, reference);
}

/** URL of the file that the program was started with. */
function mainUrl(): string {
  const [, entry] = process.argv;
  if (entry === undefined) return '';
  try {
    return pathToFileURL(requireFromHere().resolve(entry)).href;
  } catch {
    return pathToFileURL(entry).href;
  }
}

/**
 * Instrumented code calls its file's table of sites; code that esbuild made calls `__name`. The
 * prelude declares these names in the worker. The probes are in every realm of a traced program.
 */
function findPrelude(
  text: string,
  location: FunctionLocation | null,
): { readonly text: string; readonly names: readonly string[] } {
  const declarations: string[] = [];
  const names: string[] = [];
  if (/\b__name\(/.test(text)) {
    declarations.push(
      "const __name = (fn, name) => Object.defineProperty(fn, 'name', { value: name, configurable: true });",
    );
    names.push('__name');
  }
  const siteTable = location === null ? null : /^function \$simul\$b\(\)\{.*\}$/m.exec(location.source);
  if (siteTable !== null) declarations.push(siteTable[0]);
  return { text: declarations.join(' '), names };
}

function describeGiven(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'object') return `an object (${value.constructor?.name ?? 'no class'})`;
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  return typeof value === 'undefined' ? 'undefined' : `${typeof value} ${String(value)}`;
}
