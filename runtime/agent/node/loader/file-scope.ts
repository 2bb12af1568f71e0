/**
 * Which files are the user's own. Files in `node_modules` are not, unless their package is included
 * by name.
 */
import { extname, sep } from 'node:path';
import { type LoaderOptions } from './options.ts';

const EXTENSIONS = new Set(['', '.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx']);
const NODE_MODULES = `${sep}node_modules${sep}`;

export type FileScope = (path: string) => boolean;

export function fileScope({
  include = [],
  exclude = [],
}: Pick<LoaderOptions, 'include' | 'exclude'>): FileScope {
  const packages = include.map((name) => NODE_MODULES + name.replaceAll('/', sep) + sep);
  const folders = exclude.map((folder) => (folder.endsWith(sep) ? folder : folder + sep));
  return (path) => {
    if (!EXTENSIONS.has(extname(path)) || path.endsWith('.d.ts')) return false;
    if (folders.some((folder) => path.startsWith(folder))) return false;
    const inside = path.lastIndexOf(NODE_MODULES);
    return inside < 0 || packages.some((name) => path.startsWith(name, inside));
  };
}

/** Whether a file holds what must be compiled: types or JSX. */
export function isCompilable(path: string): boolean {
  return isTypeScript(path) || isJsx(path);
}

export function isTypeScript(path: string): boolean {
  return /\.[mc]?tsx?$/.test(path);
}

export function isJsx(path: string): boolean {
  return /\.[jt]sx$/.test(path);
}
