/**
 * What TypeScript projects mean by an import that Node does not find: `./x.js` is the `./x.ts` from
 * which it will be compiled, and `./x` is `./x.ts` or `./x/index.ts`. It is asked only after Node
 * itself failed, and only for imports in TypeScript and JSX files.
 */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FileScope, isCompilable } from './file-scope.ts';
import { ownFileOf } from './module-text.ts';
import { compilerOptionsFor } from './tsconfig.ts';

const COMPILED: ReadonlyMap<string, readonly string[]> = new Map([
  ['.js', ['.ts', '.tsx']],
  ['.jsx', ['.tsx']],
  ['.mjs', ['.mts']],
  ['.cjs', ['.cts']],
]);
const ADDED = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '/index.ts', '/index.tsx', '/index.js'];

/**
 * @param path what the import names, made absolute
 * @returns the file that is meant, or null
 */
function typescriptFileFor(path: string): string | null {
  const extension = /\.[mc]?jsx?$/.exec(path)?.[0];
  const candidates =
    extension === undefined
      ? ADDED.map((added) => path + added)
      : (COMPILED.get(extension) ?? []).map((other) => path.slice(0, -extension.length) + other);
  return candidates.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile()) ?? null;
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
  return parent !== null && isCompilable(parent);
}

/** The TypeScript file that an import means which Node did not find; null: there is none. */
export function resolvedTypeScript(specifier: string, parentUrl: string | undefined): string | null {
  if (specifier.startsWith('file:')) return typescriptFileFor(fileURLToPath(specifier));
  return parentUrl === undefined
    ? null
    : typescriptFileFor(resolve(dirname(fileURLToPath(parentUrl)), specifier));
}

/**
 * The file that the `paths` of the nearest tsconfig.json give a name, seen from a file of the
 * user's; null: they say nothing of it, or name no file that exists.
 */
export function resolvedByPaths(
  specifier: string,
  parentUrl: string | undefined,
  scope: FileScope,
): string | null {
  const parent = parentUrl === undefined || isRelative(specifier) ? null : ownFileOf(parentUrl, scope);
  if (parent === null) return null;
  for (const { prefix, suffix, targets } of compilerOptionsFor(parent).paths ?? []) {
    if (suffix === null ? specifier !== prefix : !isBetween(specifier, prefix, suffix)) continue;
    const middle = suffix === null ? '' : specifier.slice(prefix.length, specifier.length - suffix.length);
    for (const target of targets) {
      const path = target.replace('*', middle);
      if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return path;
      const file = typescriptFileFor(path);
      if (file !== null) return file;
    }
  }
  return null;
}

function isBetween(text: string, prefix: string, suffix: string): boolean {
  return text.length >= prefix.length + suffix.length && text.startsWith(prefix) && text.endsWith(suffix);
}

function isRelative(specifier: string): boolean {
  return (
    specifier.startsWith('./') ||
    specifier.startsWith('../') ||
    specifier.startsWith('/') ||
    specifier.startsWith('file:')
  );
}
