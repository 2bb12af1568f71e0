/**
 * The part of the loader that Node 20 runs on a thread of its own: for ES modules only. `require`
 * is patched on the main thread.
 */
import { pathToFileURL } from 'node:url';
import { builtIns } from '../../../recorder/built-ins.ts';
import { type FileScope, fileScope } from './file-scope.ts';
import { bundledLibrary, type Library, noLibrary } from './library.ts';
import {
  declaredKind,
  kindOfFormat,
  type Loaded,
  ownFileOf,
  packageFileOf,
  translateLoaded,
} from './load-file.ts';
import { type FileReport, type HooksData } from './options.ts';
import { mayResolveToTypeScript, resolvedTypeScript } from './sync-hooks.ts';
import { Translator } from './translate.ts';

interface Context {
  readonly format?: string | null | undefined;
  readonly parentURL?: string | undefined;
}
type Next<R> = (specifier: string, context?: Context) => Promise<R>;

let scope: FileScope = () => false;
let library: Library = noLibrary;
let translator: Translator | null = null;
/** When this thread last answered the program's thread, which waits for each answer. */
let answeredNs: BigInt64Array = new BigInt64Array(1);

export function initialize({ options, port, answered }: HooksData): void {
  port.unref();
  answeredNs = answered;
  scope = fileScope(options);
  library = bundledLibrary(options);
  translator = new Translator(options, (file: FileReport) => port.postMessage(file));
}

export async function resolve(
  specifier: string,
  context: Context,
  next: Next<{ url: string }>,
): Promise<{ url: string }> {
  try {
    return await resolveImport(specifier, context, next);
  } finally {
    Atomics.store(answeredNs, 0, builtIns.now());
  }
}

export async function load(url: string, context: Context, next: Next<Loaded>): Promise<Loaded> {
  try {
    return await loadFile(url, context, next);
  } finally {
    Atomics.store(answeredNs, 0, builtIns.now());
  }
}

async function resolveImport(
  specifier: string,
  context: Context,
  next: Next<{ url: string }>,
): Promise<{ url: string }> {
  const libraryEntry = library.urlOf(specifier, context.parentURL);
  if (libraryEntry !== null) return next(libraryEntry, context);
  const parentURL = library.parentFor(specifier, context.parentURL);
  if (parentURL !== undefined) return next(specifier, { ...context, parentURL });
  if (!mayResolveToTypeScript(specifier, context.parentURL, scope)) return next(specifier, context);
  try {
    return await next(specifier, context);
  } catch (error) {
    const file = resolvedTypeScript(specifier, context.parentURL);
    if (file === null) throw error;
    return next(pathToFileURL(file).href, context);
  }
}

async function loadFile(url: string, context: Context, next: Next<Loaded>): Promise<Loaded> {
  const path = ownFileOf(url, scope);
  if (translator === null) return next(url, context);
  if (path === null) {
    const raw = await next(url, context);
    const foreign = kindOfFormat(raw.format) === 'module' ? packageFileOf(url) : null;
    if (foreign !== null) translator.reportForeign(foreign);
    return raw;
  }
  const declared = declaredKind(path);
  if (declared === null) {
    const raw = await next(url, context);
    // CommonJS goes on to the patched `require`. With a source from here, Node would give the
    // module a `require` that lacks functions.
    if (kindOfFormat(raw.format) !== 'module') return raw;
    const result = translateLoaded(translator, path, raw, 'module');
    return result ? { ...raw, source: result.code } : raw;
  }
  const original = { format: undefined, ...context };
  const raw = await next(url, { ...context, format: 'module' });
  const result = translateLoaded(translator, path, raw, declared.kind);
  if (result === null) return next(url, original);
  if (result.kind === 'commonjs') return { format: 'commonjs', source: null, shortCircuit: true };
  return { format: 'module', source: result.code, shortCircuit: true };
}
