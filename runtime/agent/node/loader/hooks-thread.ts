/**
 * Hooks for ES modules on the thread on which Node runs the hooks of `module.register`. Needed where
 * hooks on the program's own thread do not exist, or do not get along with those of the program.
 *
 * The last hooks that were registered are asked first, and must be ours: what the program's hooks
 * make of a file is what V8 gets. So the file is registered again after each `register` of the
 * program's, and only the newest turn acts.
 */
import { pathToFileURL } from 'node:url';
import { builtIns } from '../../../recorder/built-ins.ts';
import { type FileScope, fileScope } from './file-scope.ts';
import { bundledLibrary, type Library, noLibrary } from './library.ts';
import { type LoadContext, type Loaded, ModuleTexts } from './module-text.ts';
import { type FileReport, type HooksData } from './options.ts';
import { mayResolveToTypeScript, resolvedByPaths, resolvedTypeScript } from './resolve-typescript.ts';
import { Translator } from './translate.ts';

interface Context extends LoadContext {
  readonly parentURL?: string | undefined;
}
type Next<R> = (specifier: string, context?: Context) => Promise<R>;

let scope: FileScope = () => false;
let library: Library = noLibrary;
let texts: ModuleTexts | null = null;
let compiles = false;
let shared: BigInt64Array = new BigInt64Array(2);
let ownTurn = 0n;

export function initialize({ options, port, shared: memory, turn }: HooksData): void {
  port.unref();
  shared = memory;
  ownTurn = turn;
  scope = fileScope(options);
  library = bundledLibrary(options);
  compiles = options.compiles === true;
  const translator = new Translator(options, (file: FileReport) => port.postMessage(file));
  // `require` is patched on the program's thread.
  texts = new ModuleTexts({ translator, scope, compiles, onImportedCommonJs: () => {} });
}

/** Whether other hooks of ours were registered later: those act. */
function isOutdated(): boolean {
  return builtIns.load(shared, 1) !== ownTurn;
}

export async function resolve(
  specifier: string,
  context: Context,
  next: Next<{ url: string }>,
): Promise<{ url: string }> {
  if (isOutdated()) return next(specifier, context);
  try {
    return await resolveImport(specifier, context, next);
  } finally {
    builtIns.store(shared, 0, builtIns.now());
  }
}

export async function load(url: string, context: Context, next: Next<Loaded>): Promise<Loaded> {
  if (isOutdated() || texts === null) return next(url, context);
  try {
    const loaded = await next(url, texts.contextToAsk(url, context));
    // Node merges the argument of `next` into the context: the second call undoes the first.
    return texts.finish(url, loaded) ?? (await next(url, { format: undefined, ...context }));
  } finally {
    builtIns.store(shared, 0, builtIns.now());
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
  if (!compiles) return next(specifier, context);
  const mapped = resolvedByPaths(specifier, context.parentURL, scope);
  if (mapped !== null) return next(pathToFileURL(mapped).href, context);
  if (!mayResolveToTypeScript(specifier, context.parentURL, scope)) return next(specifier, context);
  try {
    return await next(specifier, context);
  } catch (error) {
    const file = resolvedTypeScript(specifier, context.parentURL);
    if (file === null) throw error;
    return next(pathToFileURL(file).href, context);
  }
}
