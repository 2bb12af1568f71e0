/**
 * Hooks for ES modules on the thread on which Node runs the hooks of `module.register`. Needed
 * where hooks on the program's own thread do not exist, or do not get along with those of the
 * program.
 *
 * The last hooks that were registered are asked first, and must be ours: what the program's hooks
 * make of a file is what V8 gets. So this file is registered before the program's first hooks,
 * which then never load it, and again after each `register` of the program's. It stands in the
 * chain several times; the outermost acts, and the others, which are asked while it waits for them,
 * pass everything on.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { pathToFileURL } from 'node:url';
import { builtIns } from '../../../recorder/built-ins.ts';
import { SharedStand } from '../../../recorder/shared-stand.ts';
import { noProbes } from '../contract/no-probes.ts';
import { arePublished, publishInThisRealm } from '../contract/publish-probes.ts';
import { type FileScope, fileScope } from './file-scope.ts';
import { bundledLibrary, type Library, noLibrary } from './library.ts';
import { type LoadContext, type Loaded, ModuleTexts } from './module-text.ts';
import { isNamedIn } from './named-modules.ts';
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
let stand: SharedStand | null = null;
let shared: BigInt64Array = new BigInt64Array(2);
/** What is being loaded, by the outermost hook. */
const loading = new AsyncLocalStorage<string>();

const INSPECTOR = /^(?:node:)?inspector(?:\/promises)?$/;

/** Called for each registration; the first counts. */
export function initialize({ options, port, shared: memory }: HooksData): void {
  port.unref();
  if (texts !== null) return;
  shared = memory;
  if (!arePublished()) publishInThisRealm(noProbes, '');
  scope = fileScope(options);
  library = bundledLibrary(options);
  compiles = options.compiles === true;
  if (options.standWords !== undefined) stand = new SharedStand(options.standWords);
  const translator = new Translator(options, (file: FileReport) => port.postMessage(file));
  // `require` is patched on the program's thread.
  texts = new ModuleTexts({ translator, scope, compiles, onImportedCommonJs: () => {} });
}

export async function resolve(
  specifier: string,
  context: Context,
  next: Next<{ url: string }>,
): Promise<{ url: string }> {
  try {
    if (INSPECTOR.test(specifier)) stand?.beginInspecting();
    return await resolveImport(specifier, context, next);
  } finally {
    builtIns.store(shared, 0, builtIns.now());
  }
}

export async function load(url: string, context: Context, next: Next<Loaded>): Promise<Loaded> {
  const own = texts;
  // The program is registering hooks: what is loaded runs on this thread.
  const isForThisThread = builtIns.load(shared, 1) !== 0n;
  if (own === null || isForThisThread || loading.getStore() === url) return next(url, context);
  try {
    return await loading.run(url, async () => {
      const loaded = await next(url, own.contextToAsk(url, context));
      if (isNamedIn(loaded.source, 'inspector')) stand?.beginInspecting();
      // Node merges the argument of `next` into the context: the second call undoes the first.
      return own.finish(url, loaded) ?? (await next(url, { format: undefined, ...context }));
    });
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
