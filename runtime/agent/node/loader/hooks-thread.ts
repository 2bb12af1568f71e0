/** The loader's half that Node 20 runs on a thread of its own: ES modules only, `require` is patched on the main thread. */
import { type MessagePort } from 'node:worker_threads';
import { pathToFileURL } from 'node:url';
import { builtIns } from '../../../recorder/built-ins.ts';
import { type FileScope, fileScope } from './file-scope.ts';
import { bundledLibrary, type Library, noLibrary } from './library.ts';
import {
  kindUntouched,
  kindOfFormat,
  type Loaded,
  readOwnFile,
  packageFile,
  translated,
} from './load-file.ts';
import { type FileReport, type LoaderOptions } from './options.ts';
import { mayResolveToTypeScript, resolvedTypeScript } from './sync-hooks.ts';
import { Translator } from './translate.ts';

interface Context {
  readonly format?: string | null | undefined;
  readonly parentURL?: string | undefined;
}
export interface HooksData {
  readonly options: LoaderOptions;
  readonly port: MessagePort;
  /** One number, shared; ns, monotonic. */
  readonly answered: BigInt64Array;
}
type Next<R> = (specifier: string, context?: Context) => Promise<R>;

let scope: FileScope = () => false;
let library: Library = noLibrary;
let translator: Translator | null = null;
/** When the program's thread was answered last; it waits until then. */
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
    return await resolved(specifier, context, next);
  } finally {
    Atomics.store(answeredNs, 0, builtIns.now());
  }
}

export async function load(url: string, context: Context, next: Next<Loaded>): Promise<Loaded> {
  try {
    return await loaded(url, context, next);
  } finally {
    Atomics.store(answeredNs, 0, builtIns.now());
  }
}

async function resolved(
  specifier: string,
  context: Context,
  next: Next<{ url: string }>,
): Promise<{ url: string }> {
  const own = library.url(specifier, context.parentURL);
  if (own !== null) return next(own, context);
  const from = library.lookFrom(specifier, context.parentURL);
  if (from !== undefined) return next(specifier, { ...context, parentURL: from });
  if (!mayResolveToTypeScript(specifier, context.parentURL, scope)) return next(specifier, context);
  try {
    return await next(specifier, context);
  } catch (error) {
    const file = resolvedTypeScript(specifier, context.parentURL);
    if (file === null) throw error;
    return next(pathToFileURL(file).href, context);
  }
}

async function loaded(url: string, context: Context, next: Next<Loaded>): Promise<Loaded> {
  const path = readOwnFile(url, scope);
  if (translator === null) return next(url, context);
  if (path === null) {
    const raw = await next(url, context);
    const foreign = kindOfFormat(raw.format) === 'module' ? packageFile(url) : null;
    if (foreign !== null) translator.leftAlone(foreign);
    return raw;
  }
  const foreign = kindUntouched(path);
  if (foreign === null) {
    const raw = await next(url, context);
    // CommonJS goes on to the patched `require`: with a source from here it would get a lesser one.
    if (kindOfFormat(raw.format) !== 'module') return raw;
    const result = translated(translator, path, raw, 'module');
    return result ? { ...raw, source: result.code } : raw;
  }
  const asked = { format: undefined, ...context };
  const raw = await next(url, { ...context, format: 'module' });
  const result = translated(translator, path, raw, foreign.kind);
  if (result === null) return next(url, asked);
  if (result.kind === 'commonjs') return { format: 'commonjs', source: null, shortCircuit: true };
  return { format: 'module', source: result.code, shortCircuit: true };
}
