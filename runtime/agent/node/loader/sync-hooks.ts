/**
 * Hooks on the program's own thread (`module.registerHooks`), for `import` and `require` alike.
 *
 * The last hooks that were registered are asked first: these are registered again after each
 * registration of the program's, so that they see what V8 is to get.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type CommonJsTexts } from './commonjs-hooks.ts';
import { type FileScope } from './file-scope.ts';
import { type Library, namesLibrary } from './library.ts';
import { noteNamedModules } from './named-modules.ts';
import { type LoadContext, type Loaded, type ModuleTexts } from './module-text.ts';
import { mayResolveToTypeScript, resolvedByPaths, resolvedTypeScript } from './resolve-typescript.ts';

interface Context extends LoadContext {
  readonly parentURL?: string | undefined;
  readonly conditions?: readonly string[];
}
type Next<R> = (specifier: string, context?: Context) => R;
interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
}

export interface SyncHooks {
  resolve(specifier: string, context: Context, next: Next<Resolved>): Resolved;
  load(url: string, context: Context, next: Next<Loaded>): Loaded;
}
/** `module.registerHooks` of Node 22.15 and later. */
export type RegisterHooks = (hooks: Partial<SyncHooks>) => { deregister(): void };

export interface SyncHooksParts {
  readonly texts: ModuleTexts;
  readonly commonJs: CommonJsTexts;
  readonly scope: FileScope;
  readonly library: Library;
  /** TypeScript that nobody else compiles is compiled here, and its imports mean TypeScript. */
  readonly compiles: boolean;
  /** Called before a text is compiled that names the library. */
  readonly onLibraryNamed: () => void;
}

export function createSyncHooks({
  texts,
  commonJs,
  scope,
  library,
  compiles,
  onLibraryNamed,
}: SyncHooksParts): SyncHooks {
  function noted(loaded: Loaded): Loaded {
    noteNamedModules(loaded.source);
    if (namesLibrary(loaded.source)) onLibraryNamed();
    return loaded;
  }
  return {
    resolve(specifier, context, next) {
      const libraryEntry = library.urlOf(specifier, context.parentURL);
      if (libraryEntry !== null)
        return next(isRequire(context) ? fileURLToPath(libraryEntry) : libraryEntry, context);
      const parentURL = library.parentFor(specifier, context.parentURL);
      if (parentURL !== undefined) return next(specifier, { ...context, parentURL });
      if (!compiles) return next(specifier, context);
      const mapped = resolvedByPaths(specifier, context.parentURL, scope);
      if (mapped !== null) return next(isRequire(context) ? mapped : pathToFileURL(mapped).href, context);
      if (!mayResolveToTypeScript(specifier, context.parentURL, scope)) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch (error) {
        const file = resolvedTypeScript(specifier, context.parentURL);
        if (file === null) throw error;
        return next(isRequire(context) ? file : pathToFileURL(file).href, context);
      }
    },

    load(url, context, next) {
      if (isRequire(context)) return commonJs.finishRequired(url, noted(next(url, context)));
      // Node merges the argument of `next` into the context: the second call undoes the first.
      return (
        texts.finish(url, noted(next(url, texts.contextToAsk(url, context)))) ??
        next(url, { format: undefined, ...context })
      );
    },
  };
}

function isRequire({ conditions }: Context): boolean {
  return conditions?.includes('require') === true;
}
