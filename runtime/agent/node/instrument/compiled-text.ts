/**
 * A piece of the text that runs, as people wrote it: bundlers and test runners write another text
 * for what is imported. This only changes what is shown.
 */

/** The name under which a bundler keeps what a module exports. */
const NAMESPACE = /\b[\w$]*__(?:vi(?:te_ssr)?_import|WEBPACK_IMPORTED_MODULE)_\d+__\./g;
/** `(0, util_1.promisify)(f)`: a call of an import, without a `this`. */
const CALL_OF_IMPORT = /\(0, ?(?:[\w$]+\.)*([\w$]+)\)(?=\()/g;
/** Vite's import, with the names that are taken from it. */
const VITE_IMPORT = /\b__vite_ssr_(?:dynamic_)?import__\((["'][^"']*["'])(?:, ?\{[^{}]*\})?\)/g;

export function asWritten(text: string): string {
  if (!text.includes('__') && !text.includes('(0,')) return text;
  return text
    .replace(NAMESPACE, '')
    .replace(CALL_OF_IMPORT, '$1')
    .replace(VITE_IMPORT, (_, name: string) => `import(${name})`);
}

/** `__exportStar`, `__decorate`: what a compiler puts in is not the program's own. */
export const isOfCompiler = (name: string): boolean => name.startsWith('__');
