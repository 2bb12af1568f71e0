/** The loader's half that Node 20 runs on a thread of its own: ES modules only, `require` is patched on the main thread. */
import { type MessagePort } from 'node:worker_threads';
import { pathToFileURL } from 'node:url';
import { type FileScope, fileScope } from './loader/file-scope.ts';
import {
  foreignKind,
  kindOfFormat,
  type Loaded,
  ownFile,
  packageFile,
  translated,
} from './loader/load-file.ts';
import { type FileReport, type LoaderOptions } from './loader/options.ts';
import { mayMean, meant } from './loader/sync-hooks.ts';
import { Translator } from './loader/translate.ts';

interface Context {
  readonly format?: string | null | undefined;
  readonly parentURL?: string | undefined;
}
type Next<R> = (specifier: string, context?: Context) => Promise<R>;

let scope: FileScope = () => false;
let translator: Translator | null = null;

export function initialize({ options, port }: { options: LoaderOptions; port: MessagePort }): void {
  port.unref();
  scope = fileScope(options);
  translator = new Translator(options, (file: FileReport) => port.postMessage(file));
}

export async function resolve(
  specifier: string,
  context: Context,
  next: Next<{ url: string }>,
): Promise<{ url: string }> {
  if (!mayMean(specifier, context.parentURL, scope)) return next(specifier, context);
  try {
    return await next(specifier, context);
  } catch (error) {
    const file = meant(specifier, context.parentURL);
    if (file === null) throw error;
    return next(pathToFileURL(file).href, context);
  }
}

export async function load(url: string, context: Context, next: Next<Loaded>): Promise<Loaded> {
  const path = ownFile(url, scope);
  if (translator === null) return next(url, context);
  if (path === null) {
    const loaded = await next(url, context);
    const foreign = kindOfFormat(loaded.format) === 'module' ? packageFile(url) : null;
    if (foreign !== null) translator.leftAlone(foreign);
    return loaded;
  }
  const foreign = foreignKind(path);
  if (foreign === null) {
    const loaded = await next(url, context);
    // CommonJS goes on to the patched `require`: with a source from here it would get a lesser one.
    if (kindOfFormat(loaded.format) !== 'module') return loaded;
    const result = translated(translator, path, loaded, 'module');
    return result ? { ...loaded, source: result.code } : loaded;
  }
  const asked = { format: undefined, ...context };
  const raw = await next(url, { ...context, format: 'module' });
  const result = translated(translator, path, raw, foreign.kind);
  if (result === null) return next(url, asked);
  if (result.kind === 'commonjs') return { format: 'commonjs', source: null, shortCircuit: true };
  return { format: 'module', source: result.code, shortCircuit: true };
}
