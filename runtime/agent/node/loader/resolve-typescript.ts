/**
 * What TypeScript projects mean by an import that Node does not find: `./x.js` is the `./x.ts` from
 * which it will be compiled, and `./x` is `./x.ts` or `./x/index.ts`. It is asked only after Node
 * itself failed, and only for imports in TypeScript and JSX files.
 */
import { statSync } from 'node:fs';

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
export function typescriptFileFor(path: string): string | null {
  const extension = /\.[mc]?jsx?$/.exec(path)?.[0];
  const candidates =
    extension === undefined
      ? ADDED.map((added) => path + added)
      : (COMPILED.get(extension) ?? []).map((other) => path.slice(0, -extension.length) + other);
  return candidates.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile()) ?? null;
}

export function isRelative(specifier: string): boolean {
  return (
    specifier.startsWith('./') ||
    specifier.startsWith('../') ||
    specifier.startsWith('/') ||
    specifier.startsWith('file:')
  );
}
