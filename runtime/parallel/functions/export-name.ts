/**
 * Under which name a module exports a function, read from the module's text: `export function f`,
 * `export const f = …`, `export default …`, or a top-level `f` listed in an `export { f as g }`.
 * The text is the one that runs: what vite has made of a module is read as well. It does not follow
 * assignments or calls: the same text can make many functions, and the worker must get this one.
 */
import { type Token, tokenize } from './tokenize.ts';
import { findModuleBody, findViteExport } from './vite-exports.ts';

/**
 * What stands before an argument, an element or a result. A bundle of 6 MB takes two seconds to
 * read as tokens, and a program may make a function for each call.
 */
const NEVER_EXPORTED = /(?:(?<!\b__name)\(|[[,:?&|]|=>|\breturn)\s*$/;
const MAX_BEFORE = 40;

/**
 * @param offset where the function's text begins in the source.
 * @returns null when the function is not exported, or not surely.
 */
export function findExportName(source: string, offset: number): string | null {
  if (NEVER_EXPORTED.test(source.slice(Math.max(0, offset - MAX_BEFORE), offset))) return null;
  if (!/\bexport\b|__vite_ssr_export/.test(source)) return null;
  let tokens: Token[];
  try {
    tokens = tokenize(source);
  } catch {
    return null;
  }
  let first = tokens.findIndex((token) => token.offset >= offset);
  if (first < 0 || tokens[first]!.offset !== offset) return null;
  const text = (i: number): string => tokens[i]?.text ?? '';
  // esbuild and tsx keep a function's name by a call around it.
  if (text(first - 1) === '(' && text(first - 2) === '__name') first -= 2;
  const body = findModuleBody(tokens);
  if (tokens[first]!.enclosing !== body) return null;
  const findExported = (local: string): string | null =>
    body < 0 ? findInExportLists(tokens, local) : findViteExport(tokens, local);

  if (text(first - 1) === 'default' && text(first - 2) === 'export') return 'default';
  if (text(first - 1) === '=') {
    if (text(first - 4) === '__vite_ssr_exports__') return text(first - 2);
    if (!isDeclarator(tokens, first - 2)) return null;
    return isExportedDeclaration(tokens, first - 2) ? text(first - 2) : findExported(text(first - 2));
  }
  const isDeclared =
    text(first) === 'function' || (text(first) === 'async' && text(first + 1) === 'function');
  if (!isDeclared) return null;
  let nameIndex = text(first) === 'async' ? first + 2 : first + 1;
  if (text(nameIndex) === '*') nameIndex++;
  if (text(first - 1) === 'export') return text(nameIndex);
  return findExported(text(nameIndex));
}

/** Index of the `const`, `let` or `var` of a declared variable; −1 where it is none. */
function findDeclaration(tokens: readonly Token[], name: number): number {
  const { enclosing, kind } = tokens[name]!;
  if (kind !== 'name') return -1;
  for (let i = name - 1; i >= 0 && tokens[i]!.text !== ';'; i--) {
    if (tokens[i]!.enclosing !== enclosing || tokens[i]!.kind !== 'name') continue;
    if (/^(const|let|var)$/.test(tokens[i]!.text)) return i;
  }
  return -1;
}

/** `const name`, or one of the names behind it: `const other = 1, name`. */
function isDeclarator(tokens: readonly Token[], name: number): boolean {
  const before = tokens[name - 1]?.text;
  return findDeclaration(tokens, name) === name - 1 || (before === ',' && findDeclaration(tokens, name) >= 0);
}

function isExportedDeclaration(tokens: readonly Token[], name: number): boolean {
  return tokens[findDeclaration(tokens, name) - 1]?.text === 'export';
}

/** The exported name of a top-level `name`: by `export default name` or by `export { name }`. */
function findInExportLists(tokens: readonly Token[], name: string): string | null {
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]!.text !== 'export' || tokens[i]!.enclosing >= 0 || tokens[i]!.kind !== 'name') continue;
    if (tokens[i + 1]?.text === 'default' && tokens[i + 2]?.text === name && tokens[i + 3]?.text !== '(')
      return 'default';
    if (tokens[i + 1]?.text !== '{') continue;
    const end = tokens[i + 1]!.partner;
    if (tokens[end + 1]?.text === 'from') continue;
    for (let j = i + 2; j < end; j++) {
      if (tokens[j]!.text !== name || tokens[j - 1]!.text === 'as') continue;
      return tokens[j + 1]!.text === 'as' ? tokens[j + 2]!.text : name;
    }
  }
  return null;
}
