/**
 * `require` on a Node without hooks for it (20, early 22). The compile step gets the instrumented
 * text. The extensions that Node does not load by itself are added. A failed resolution tries what
 * TypeScript means.
 */
import module from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { type FileScope } from './file-scope.ts';
import { type Library } from './library.ts';
import { kindOfPath } from './module-kind.ts';
import { mayResolveToTypeScript, resolvedTypeScript } from './sync-hooks.ts';
import { type Translator } from './translate.ts';

interface CommonJs {
  _compile(this: CommonJs, content: string, path: string, ...rest: string[]): unknown;
}
interface Internals {
  prototype: CommonJs;
  _extensions: Record<string, (this: void, loading: CommonJs, path: string) => void>;
  _resolveFilename(
    request: string,
    parent: { filename?: string | null } | undefined,
    ...rest: unknown[]
  ): string;
}

export function installCommonJsHooks(translator: Translator, scope: FileScope, library: Library): () => void {
  const internals = module as unknown as Internals;
  const { _compile: compile } = internals.prototype;
  const { _resolveFilename: resolveFilename } = internals;

  internals.prototype._compile = function _compile(this: CommonJs, content, path, ...rest): unknown {
    const kind = rest[0] === 'module' ? 'module' : 'commonjs';
    if (path.includes(`${sep}node_modules${sep}`) && !scope(path)) translator.reportForeign(path);
    const code =
      typeof content === 'string' && scope(path)
        ? translator.translate(path, content, kind)?.code
        : undefined;
    return compile.call(this, code ?? content, path, ...rest);
  };
  internals._resolveFilename = function (this: unknown, request, parent, ...rest) {
    const parentUrl = parent?.filename ? pathToFileURL(parent.filename).href : undefined;
    const libraryEntry = library.urlOf(request, parentUrl);
    if (libraryEntry !== null) return fileURLToPath(libraryEntry);
    if (!mayResolveToTypeScript(request, parentUrl, scope))
      return resolveFilename.call(this as Internals, request, parent, ...rest);
    try {
      return resolveFilename.call(this as Internals, request, parent, ...rest);
    } catch (error) {
      const file = resolvedTypeScript(request, parentUrl);
      if (file === null) throw error;
      return file;
    }
  };
  const added = ['.ts', '.mts', '.cts', '.tsx', '.jsx'].filter(
    (extension) => internals._extensions[extension] === undefined,
  );
  for (const extension of added) {
    internals._extensions[extension] = (loading, path) => {
      const source = readFileSync(path, 'utf8');
      const kind = kindOfPath(path) ?? translator.kindOf(path, source);
      if (kind === 'commonjs') loading._compile(source, path);
      // The entry may await at its top level: only an import can do that.
      else if ((loading as unknown) === process.mainModule) void import(pathToFileURL(path).href);
      else loading._compile(source, path, 'module');
    };
  }
  return () => {
    internals.prototype._compile = compile;
    internals._resolveFilename = resolveFilename;
    for (const extension of added) delete internals._extensions[extension];
  };
}
