/**
 * What is made of the text of a CommonJS module, at the last place before V8 gets it.
 *
 *   `Module.prototype._compile`   below every `require` hook: it is given what the hooks made
 *   a load hook, for `require`    where Node's own handler reads the file: no function of ours is
 *                                 on the stack when the module runs
 *
 * Where the person asked for a program in TypeScript or JSX, a file that arrives as it stands on
 * the disk was compiled by nobody, and is compiled here.
 */
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { extname, isAbsolute, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { builtIns } from '../../../recorder/built-ins.ts';
import { disguiseAs, replaceBuiltin } from '../builtins/replace-builtin.ts';
import { type CommonJs, watchCompile } from './compile-accessor.ts';
import { type FileScope, isCompilable } from './file-scope.ts';
import { type Library, namesLibrary } from './library.ts';
import { noteNamedModules } from './named-modules.ts';
import { kindOfPath, type ModuleKind } from './module-kind.ts';
import { type Loaded, ownFileOf } from './module-text.ts';
import { mayResolveToTypeScript, resolvedByPaths, resolvedTypeScript } from './resolve-typescript.ts';
import { stripLikeNode } from './strip-like-node.ts';
import { type Translator } from './translate.ts';

type Handler = (this: void, loading: CommonJs, path: string) => void;
interface Internals {
  prototype: CommonJs;
  _extensions: Record<string, Handler>;
  readonly _pathCache: Record<string, string>;
  _resolveFilename(
    request: string,
    parent: { filename?: string | null } | undefined,
    ...rest: unknown[]
  ): string;
}

const internals = module as unknown as Internals;
const requireOwn = module.createRequire(import.meta.url);

function importProgram(url: string): void {
  const { importModule } = requireOwn('./import-module.cjs') as typeof import('./import-module.ts');
  void importModule(url);
}

export interface CommonJsTexts {
  /** What a load hook gives back for a required file. */
  finishRequired(url: string, loaded: Loaded): Loaded;
}

export interface CommonJsHooksParts {
  readonly translator: Translator;
  readonly scope: FileScope;
  readonly library: Library;
  readonly compiles: boolean;
  /** Load hooks on this thread see required files, too. */
  readonly hasLoadHooks: boolean;
  /** Called before a text is compiled that names the library. */
  readonly onLibraryNamed: () => void;
}

/** A text for V8, and as what Node is to take it. */
interface Emitted {
  readonly code: string;
  readonly format: string | undefined;
}

export class CommonJsHooks implements CommonJsTexts {
  readonly #parts: CommonJsHooksParts;
  readonly #nodesHandlers = { ...internals._extensions };
  /** What stands in the place of `_compile` unless the program put something there. */
  #ownCompile = internals.prototype._compile;
  #isPatched = false;
  #hasLoadHooks: boolean;
  readonly #undo: (() => void)[] = [];

  constructor(parts: CommonJsHooksParts) {
    this.#parts = parts;
    this.#hasLoadHooks = true;
    if (!parts.hasLoadHooks) this.doWithoutLoadHooks();
  }

  /** From here on no load hook of this thread sees required files. */
  doWithoutLoadHooks(): void {
    if (!this.#hasLoadHooks) return;
    this.#hasLoadHooks = false;
    this.patchCompile();
    this.#putLibraryOnPath();
    if (!this.#parts.compiles) return;
    this.#patchResolution();
    this.#addHandlers();
  }

  uninstall(): void {
    for (const restore of this.#undo.splice(0)) restore();
  }

  finishRequired(url: string, loaded: Loaded): Loaded {
    const { scope, translator } = this.#parts;
    const { source } = loaded;
    if (typeof source !== 'string') return loaded;
    // A frame of ours stands below what runs through the patch: it is made when it is needed.
    if (source.includes('._compile')) this.patchCompile();
    const path = ownFileOf(url, scope);
    if (path === null) {
      if (url.startsWith('file:') && url.includes('/node_modules/'))
        translator.reportForeign(fileURLToPath(url));
      return loaded;
    }
    // The program goes on to change this text: `_compile` gets the result.
    if (this.#isHandledByProgram(path)) {
      this.patchCompile();
      return loaded;
    }
    const emitted = this.#emit(path, source, loaded.format ?? undefined);
    if (emitted === null) return loaded;
    return {
      ...loaded,
      source: emitted.code,
      ...(emitted.format === undefined ? {} : { format: emitted.format }),
    };
  }

  /** A `require` hook took the place of Node's handler for such files, or of `_compile`. */
  #isHandledByProgram(path: string): boolean {
    const extension = extname(path);
    const handler = internals._extensions[extension] ?? internals._extensions['.js'];
    const nodes = this.#nodesHandlers[extension] ?? this.#nodesHandlers['.js'];
    return handler !== nodes || internals.prototype._compile !== this.#ownCompile;
  }

  /** @param format as Node knows it: absent on older Nodes, or where the text is to decide */
  #emit(path: string, content: string, format: unknown): Emitted | null {
    const { translator, compiles, onLibraryNamed } = this.#parts;
    noteNamedModules(content);
    if (namesLibrary(content)) onLibraryNamed();
    if (compiles && isCompilable(path) && content.replace(/^\uFEFF/, '') === textOfFile(path)) {
      const compiled = translator.compile(path, content);
      if (compiled === null) return null;
      return { code: named(compiled.code, path, compiled.kind), format: compiled.kind };
    }
    if (typeof format === 'string' && format.endsWith('typescript')) {
      const plain = stripLikeNode(content);
      if (plain === null) return null;
      const kind = format === 'typescript' ? translator.kindOf(path, plain, false) : kindOfFormat(format);
      const code = translator.instrument(path, plain, kind);
      return code === null ? null : { code: named(code, path, kind), format: kind };
    }
    const kind = format === 'module' ? 'module' : format === 'commonjs' ? 'commonjs' : null;
    const code = translator.instrument(path, content, kind);
    return code === null ? null : { code, format: typeof format === 'string' ? format : undefined };
  }

  /** The arguments with which Node's `_compile` is to be called. */
  #argumentsFor(args: unknown[]): unknown[] {
    const [content, path, format, ...rest] = args;
    const { scope, translator } = this.#parts;
    if (typeof content !== 'string' || typeof path !== 'string') return args;
    if (isAbsolute(path) && scope(path)) {
      const emitted = this.#emit(path, content, format);
      return emitted === null ? args : [emitted.code, path, emitted.format, ...rest];
    }
    if (!this.#hasLoadHooks && path.includes(`${sep}node_modules${sep}`)) translator.reportForeign(path);
    return args;
  }

  /** Stands before `_compile` from here on. */
  patchCompile(): void {
    if (this.#isPatched) return;
    this.#isPatched = true;
    const { own, remove } = watchCompile({
      argumentsFor: (args) => this.#argumentsFor(args),
      isReadByNode: (path) => !this.#isHandledByProgram(path),
    });
    this.#ownCompile = own as CommonJs['_compile'];
    this.#undo.push(remove);
  }

  /**
   * The library is found by its name: Node looks into its own cache of paths first, under a key
   * that is known when it has asked where to look. No function of ours is on the stack afterwards.
   */
  #putLibraryOnPath(): void {
    const { library } = this.#parts;
    if (!library.isBundled) return;
    const undo = replaceBuiltin(internals, '_resolveLookupPaths', (original) => {
      return function (this: unknown, ...args: unknown[]): unknown {
        const paths = builtIns.apply(original, this, args as never) as unknown;
        const [request, parent] = args as [unknown, { readonly filename?: unknown } | null | undefined];
        if (typeof request !== 'string' || !Array.isArray(paths)) return paths;
        const { filename } = parent ?? {};
        const parentUrl = typeof filename === 'string' ? pathToFileURL(filename).href : undefined;
        const entry = library.urlOf(request, parentUrl);
        if (entry !== null) internals._pathCache[`${request}\0${paths.join('\0')}`] = fileURLToPath(entry);
        return paths;
      };
    });
    this.#undo.push(undo);
  }

  #patchResolution(): void {
    const { scope } = this.#parts;
    const { _resolveFilename: resolveFilename } = internals;
    internals._resolveFilename = disguiseAs(
      function _resolveFilename(this: unknown, request, parent, ...rest) {
        const parentUrl = parent?.filename ? pathToFileURL(parent.filename).href : undefined;
        const mapped = resolvedByPaths(request, parentUrl, scope);
        if (mapped !== null) return mapped;
        if (!mayResolveToTypeScript(request, parentUrl, scope))
          return resolveFilename.call(this as Internals, request, parent, ...rest);
        try {
          return resolveFilename.call(this as Internals, request, parent, ...rest);
        } catch (error) {
          const file = resolvedTypeScript(request, parentUrl);
          if (file === null) throw error;
          return file;
        }
      } as Internals['_resolveFilename'],
      resolveFilename,
    );
    const ours = internals._resolveFilename;
    this.#undo.push(() => {
      if (internals._resolveFilename === ours) internals._resolveFilename = resolveFilename;
    });
  }

  /** The names that Node does not load by itself, on a Node without load hooks on this thread. */
  #addHandlers(): void {
    const { translator } = this.#parts;
    for (const extension of ['.ts', '.mts', '.cts', '.tsx', '.jsx']) {
      if (internals._extensions[extension] !== undefined) continue;
      internals._extensions[extension] = (loading, path) => {
        const source = readFileSync(path, 'utf8');
        const declared = path.endsWith('.ts') && kindOfPath(path) === 'commonjs' ? null : kindOfPath(path);
        const kind: ModuleKind = declared ?? translator.kindOf(path, source, true);
        if (kind === 'commonjs') loading._compile(source, path);
        // The entry may await at its top level: only an import can do that.
        else if ((loading as unknown) === process.mainModule) importProgram(pathToFileURL(path).href);
        else loading._compile(source, path, 'module');
      };
      this.#undo.push(() => delete internals._extensions[extension]);
    }
  }
}

/** With the name that Node gives a CommonJS text when it takes the types out (24 and newer). */
function named(code: string, path: string, kind: ModuleKind): string {
  const isStrippedByNode = NAMES_STRIPPED && /\.c?ts$/.test(path) && kind === 'commonjs';
  return isStrippedByNode ? `${code}\n//# sourceURL=${pathToFileURL(path).href}` : code;
}

const NAMES_STRIPPED =
  Number.parseInt(process.versions.node, 10) >= 24 &&
  Boolean((process.features as { readonly typescript?: unknown }).typescript);

function kindOfFormat(format: string): ModuleKind {
  return format.startsWith('module') ? 'module' : 'commonjs';
}

function textOfFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return null;
  }
}
