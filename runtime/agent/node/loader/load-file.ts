/**
 * What a load hook returns to Node for one URL. Hooks on this thread and hooks on a thread of their
 * own share it.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FileScope, isJsx, isTypeScript } from './file-scope.ts';
import { kindOfPath, type ModuleKind } from './module-kind.ts';
import { type Translated, type Translator } from './translate.ts';

export interface Loaded {
  readonly format?: string | null | undefined;
  readonly source?: unknown;
  readonly shortCircuit?: boolean;
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

/** The path of a URL that names a file of a package, or null. */
export function packageFileOf(url: string): string | null {
  return url.startsWith('file:') && url.includes('/node_modules/') ? url.slice('file://'.length) : null;
}

/**
 * For TypeScript and JSX, which Node may refuse under their own names: the kind of module that the
 * file is, `kind: null` where its text decides. Null for all other files.
 */
export function declaredKind(path: string): { readonly kind: ModuleKind | null } | null {
  return isTypeScript(path) || isJsx(path) ? { kind: kindOfPath(path) } : null;
}

export function translateLoaded(
  translator: Translator,
  path: string,
  loaded: Loaded,
  kind: ModuleKind | null,
): Translated | null {
  return translator.translate(path, textOf(loaded.source) ?? readFileSync(path, 'utf8'), kind);
}

/**
 * The kind of module by the `format` that a hook returned; null where the text decides, undefined
 * for formats that are no JavaScript.
 */
export function kindOfFormat(format: unknown): ModuleKind | null | undefined {
  if (format === 'module' || format === 'commonjs') return format;
  return format === null || format === undefined ? null : undefined;
}

function textOf(source: unknown): string | null {
  if (typeof source === 'string') return source;
  if (source instanceof ArrayBuffer || source instanceof SharedArrayBuffer)
    return Buffer.from(source).toString();
  return ArrayBuffer.isView(source)
    ? Buffer.from(source.buffer, source.byteOffset, source.byteLength).toString()
    : null;
}
