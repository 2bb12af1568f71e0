/**
 * What is made of the text that a load hook was given for an ES module: the last step before V8
 * gets it. CommonJS passes through here untouched where Node hands it to
 * `Module.prototype._compile` afterwards (`commonjs-hooks.ts`).
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dataName } from '../stack/frame-file.ts';
import { type FileScope, isCompilable } from './file-scope.ts';
import { stripLikeNode } from './strip-like-node.ts';
import { type Translator } from './translate.ts';

export interface Loaded {
  readonly format?: string | null | undefined;
  readonly source?: unknown;
  readonly shortCircuit?: boolean;
}

export interface LoadContext {
  readonly format?: string | null | undefined;
  readonly importAttributes?: Readonly<Record<string, string>>;
}

export interface ModuleTextsParts {
  readonly translator: Translator;
  readonly scope: FileScope;
  readonly compiles: boolean;
  /**
   * Called when Node will load an imported CommonJS file of the user's by itself, through
   * `_compile`. Null: it takes a text for such a file from a hook, and misses nothing then (Node
   * 24).
   */
  readonly onImportedCommonJs: (() => void) | null;
}

export class ModuleTexts {
  readonly #parts: ModuleTextsParts;

  constructor(parts: ModuleTextsParts) {
    this.#parts = parts;
  }

  /**
   * The context with which the other hooks, or Node itself, are asked for a file. What nobody may
   * compile but us is asked for as a module, for Node refuses some names and some syntax otherwise;
   * JSON may be imported as TypeScript projects do it, without saying that it is JSON.
   */
  contextToAsk<C extends LoadContext>(url: string, context: C): C {
    const { compiles, scope } = this.#parts;
    if (!compiles) return context;
    if (url.endsWith('.json') && context.importAttributes?.['type'] === undefined)
      return { ...context, importAttributes: { ...context.importAttributes, type: 'json' } };
    if (!(context.format == null || isTypeScriptFormat(context.format))) return context;
    const path = ownFileOf(url, scope);
    return path !== null && isCompilable(path) ? { ...context, format: 'module' } : context;
  }

  /**
   * What V8 gets in the place of what the other hooks, or Node itself, loaded; null: a source that
   * cannot be compiled. Node, asked as it would have been untraced, is to say what is wrong with
   * it.
   */
  finish(url: string, loaded: Loaded): Loaded | null {
    const { translator, compiles, onImportedCommonJs } = this.#parts;
    const path = this.#ownNameOf(url);
    const format = loaded.format ?? null;
    if (path === null) {
      const foreign = format === 'module' ? packageFileOf(url) : null;
      if (foreign !== null) translator.reportForeign(foreign);
      return loaded;
    }
    const text = textOf(loaded.source);
    if (text === null) {
      if (format === 'commonjs') onImportedCommonJs?.();
      return loaded;
    }
    if (compiles && isCompilable(path) && text === fileText(path)) return this.#compile(path, text);
    if (format === 'module') {
      const code = translator.instrument(path, text, 'module');
      return code === null ? loaded : { ...loaded, source: code };
    }
    if (format === 'module-typescript') {
      const plain = stripLikeNode(text);
      const code = plain === null ? null : translator.instrument(path, plain, 'module');
      return code === null ? loaded : { ...loaded, format: 'module', source: code };
    }
    if (format?.startsWith('commonjs') === true && onImportedCommonJs !== null && text === fileText(path)) {
      onImportedCommonJs();
      return loaded;
    }
    if (format === 'commonjs') {
      const code = translator.instrument(path, text, 'commonjs');
      return code === null ? loaded : { ...loaded, source: code };
    }
    return loaded;
  }

  #compile(path: string, text: string): Loaded | null {
    const compiled = this.#parts.translator.compile(path, text);
    if (compiled === null) return null;
    // CommonJS goes on to `require`. With a source from here, Node would give the module a
    // `require` that lacks functions.
    if (compiled.kind === 'commonjs') {
      this.#parts.onImportedCommonJs?.();
      return { format: 'commonjs', source: null, shortCircuit: true };
    }
    return { format: 'module', source: compiled.code, shortCircuit: true };
  }

  #ownNameOf(url: string): string | null {
    return ownFileOf(url, this.#parts.scope) ?? dataNameOf(url);
  }
}

/** The path of a URL that names a file of the user's own, or null. */
export function ownFileOf(url: string, scope: FileScope): string | null {
  if (!url.startsWith('file:')) return null;
  try {
    const path = fileURLToPath(url);
    return scope(path) ? path : null;
  } catch {
    return null;
  }
}

/** A name for the code of a `data:` URL, or null. */
function dataNameOf(url: string): string | null {
  return /^data:(?:text|application)\/(?:javascript|ecmascript)[,;]/.test(url) ? dataName(url) : null;
}

/** The path of a URL that names a file of a package, or null. */
function packageFileOf(url: string): string | null {
  return url.startsWith('file:') && url.includes('/node_modules/') ? url.slice('file://'.length) : null;
}

/** Formats of text that Node itself would strip of its types. */
function isTypeScriptFormat(format: string): boolean {
  return format.endsWith('typescript');
}

function fileText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function textOf(source: unknown): string | null {
  if (typeof source === 'string') return source;
  if (source instanceof ArrayBuffer || source instanceof SharedArrayBuffer)
    return Buffer.from(source).toString();
  return ArrayBuffer.isView(source)
    ? Buffer.from(source.buffer, source.byteOffset, source.byteLength).toString()
    : null;
}
