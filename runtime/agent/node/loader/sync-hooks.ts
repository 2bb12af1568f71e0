/** Hooks on the program's own thread, for `import` and `require` alike: Node 22.15, 24 and later. */
import module from 'node:module';
import { dirname, resolve as resolvePath } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type FileScope } from './file-scope.ts';
import { type Library } from './library.ts';
import {
  kindUntouched,
  kindOfFormat,
  type Loaded,
  readOwnFile,
  packageFile,
  translated,
} from './load-file.ts';
import { isRelative, typescriptFileFor } from './resolve-typescript.ts';
import { type Translator } from './translate.ts';

interface Context {
  readonly format?: string | null | undefined;
  readonly parentURL?: string | undefined;
  readonly conditions?: readonly string[];
}
type Next<R> = (specifier: string, context?: Context) => R;
interface Hooks {
  resolve(specifier: string, context: Context, next: Next<Resolved>): Resolved;
  load(url: string, context: Context, next: Next<Loaded>): Loaded;
}
interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
}
type RegisterHooks = (hooks: Hooks) => { deregister(): void };

/** @returns what takes the hooks off again, or null where this Node has none of the kind */
export function installSyncHooks(
  translator: Translator,
  scope: FileScope,
  library: Library,
): (() => void) | null {
  const registerHooks = (module as unknown as { registerHooks?: RegisterHooks }).registerHooks;
  if (registerHooks === undefined) return null;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const own = library.url(specifier, context.parentURL);
      if (own !== null)
        return next(context.conditions?.includes('require') ? fileURLToPath(own) : own, context);
      const from = library.lookFrom(specifier, context.parentURL);
      if (from !== undefined) return next(specifier, { ...context, parentURL: from });
      if (!mayResolveToTypeScript(specifier, context.parentURL, scope)) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch (error) {
        const file = resolvedTypeScript(specifier, context.parentURL);
        if (file === null) throw error;
        return next(context.conditions?.includes('require') ? file : pathToFileURL(file).href, context);
      }
    },
    load(url, context, next) {
      const path = readOwnFile(url, scope);
      if (path === null) {
        const foreign = packageFile(url);
        if (foreign !== null) translator.leftAlone(foreign);
        return next(url, context);
      }
      const foreign = kindUntouched(path);
      if (foreign) {
        // Node merges what `next` is given into the context: its own answer is asked for with what it had.
        const asked = { format: undefined, ...context };
        const raw = next(url, { ...context, format: foreign.kind ?? 'module' });
        const result = translated(translator, path, raw, foreign.kind);
        return result ? { format: result.kind, source: result.code, shortCircuit: true } : next(url, asked);
      }
      const loaded = next(url, context);
      const kind = kindOfFormat(loaded.format);
      const result = kind === undefined ? null : translated(translator, path, loaded, kind);
      return result ? { ...loaded, source: result.code } : loaded;
    },
  });
  return () => hooks.deregister();
}

/** An import in a TypeScript or JSX file of the user's; all others pass without a `catch` of ours around them. */
export function mayResolveToTypeScript(
  specifier: string,
  parentUrl: string | undefined,
  scope: FileScope,
): boolean {
  const parent = parentUrl === undefined || !isRelative(specifier) ? null : readOwnFile(parentUrl, scope);
  return parent !== null && kindUntouched(parent) !== null;
}

/** The TypeScript file that such an import means, where Node found none. */
export function resolvedTypeScript(specifier: string, parentUrl: string | undefined): string | null {
  if (specifier.startsWith('file:')) return typescriptFileFor(fileURLToPath(specifier));
  return parentUrl === undefined
    ? null
    : typescriptFileFor(resolvePath(dirname(fileURLToPath(parentUrl)), specifier));
}
