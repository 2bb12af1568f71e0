/**
 * Under which name a CommonJS module exports a function. Its exports are at hand, so they are
 * compared with the function itself, whatever a compiler has made of the text.
 */
import { requireFromHere } from './require-from.ts';

/** The name for a module whose whole export is the function. */
export const WHOLE_MODULE = 'module.exports';

/**
 * @param path of a module's file.
 * @returns null when no such module is loaded, or when it does not export the function.
 */
export function findCommonJsExport(path: string, fn: Function): string | null {
  const exports = loadedModules()[path]?.exports;
  if (exports === fn) return WHOLE_MODULE;
  if ((typeof exports !== 'object' && typeof exports !== 'function') || exports === null) return null;
  try {
    for (const key of Object.keys(exports)) if (isExport(exports, key, fn)) return key;
  } catch {
    // An ES module that was required, and has not run to its end, does not even list its names.
  }
  return null;
}

function isExport(exports: object, key: string, fn: Function): boolean {
  try {
    return (exports as Record<string, unknown>)[key] === fn;
  } catch {
    // A getter of the user's that throws does not give this function.
    return false;
  }
}

/** By the paths of their files. In jest, these are the modules of the test file. */
export function loadedModules(): Readonly<Record<string, { readonly exports: unknown } | undefined>> {
  return (requireFromHere().cache ?? {}) as Record<string, { exports: unknown } | undefined>;
}
