/**
 * Hooks on the program's own thread, for `import` and `require` alike: Node 22.15, 24 and later.
 */
import module from 'node:module';
import { dirname, resolve as resolvePath } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type FileScope } from './file-scope.ts';
import { type Library } from './library.ts';
import {
  declaredKind,
  kindOfFormat,
  type Loaded,
  ownFileOf,
  packageFileOf,
  translateLoaded,
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

/** @returns what removes the hooks, or null where this Node has no such hooks */
export function installSyncHooks(
  translator: Translator,
  scope: FileScope,
  library: Library,
): (() => void) | null {
  const registerHooks = (module as unknown as { registerHooks?: RegisterHooks }).registerHooks;
  if (registerHooks === undefined) return null;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const libraryEntry = library.urlOf(specifier, context.parentURL);
      if (libraryEntry !== null) {
        const isRequire = context.conditions?.includes('require') === true;
        return next(isRequire ? fileURLToPath(libraryEntry) : libraryEntry, context);
      }
      const parentURL = library.parentFor(specifier, context.parentURL);
      if (parentURL !== undefined) return next(specifier, { ...context, parentURL });
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
      const path = ownFileOf(url, scope);
      if (path === null) {
        const foreign = packageFileOf(url);
        if (foreign !== null) translator.reportForeign(foreign);
        return next(url, context);
      }
      const declared = declaredKind(path);
      if (declared) {
        // Node merges the argument of `next` into the context: `original` undoes that.
        const original = { format: undefined, ...context };
        const raw = next(url, { ...context, format: declared.kind ?? 'module' });
        const result = translateLoaded(translator, path, raw, declared.kind);
        return result
          ? { format: result.kind, source: result.code, shortCircuit: true }
          : next(url, original);
      }
      const loaded = next(url, context);
      const kind = kindOfFormat(loaded.format);
      const result = kind === undefined ? null : translateLoaded(translator, path, loaded, kind);
      return result ? { ...loaded, source: result.code } : loaded;
    },
  });
  return () => hooks.deregister();
}

/**
 * Whether an import may mean a TypeScript file: one in a TypeScript or JSX file of the user's. All
 * others pass without a `catch` of ours around them.
 */
export function mayResolveToTypeScript(
  specifier: string,
  parentUrl: string | undefined,
  scope: FileScope,
): boolean {
  const parent = parentUrl === undefined || !isRelative(specifier) ? null : ownFileOf(parentUrl, scope);
  return parent !== null && declaredKind(parent) !== null;
}

/** The TypeScript file that an import means which Node did not find; null: there is none. */
export function resolvedTypeScript(specifier: string, parentUrl: string | undefined): string | null {
  if (specifier.startsWith('file:')) return typescriptFileFor(fileURLToPath(specifier));
  return parentUrl === undefined
    ? null
    : typescriptFileFor(resolvePath(dirname(fileURLToPath(parentUrl)), specifier));
}
