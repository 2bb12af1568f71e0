/**
 * Under which name a module exports a function, read off the module's text: `export function f`, `export const f = …`, `export default …`,
 * or a top-level `f` that stands in an `export { f as g }`. What is assigned or made elsewhere is not found: the same text can make many
 * functions, and the worker must have this one.
 */
import { type Token, tokenize } from './tokenize.ts';

/** `null`: not exported, or not surely. */
export function findExportName(source: string, at: number): string | null {
  let all: Token[];
  try {
    all = tokenize(source);
  } catch {
    return null;
  }
  let first = all.findIndex((token) => token.offset >= at);
  if (first < 0 || all[first]!.offset !== at) return null;
  const text = (i: number): string => all[i]?.text ?? '';
  // esbuild and tsx keep names by a call around the function.
  if (text(first - 1) === '(' && text(first - 2) === '__name') first -= 2;
  if (all[first]!.enclosing >= 0) return null;

  if (text(first - 1) === 'default' && text(first - 2) === 'export') return 'default';
  const isDeclared =
    text(first) === 'function' || (text(first) === 'async' && text(first + 1) === 'function');
  const isVariable = text(first - 1) === '=' && /^(const|let|var)$/.test(text(first - 3));
  if (isVariable) {
    if (text(first - 4) === 'export') return text(first - 2);
    return inList(all, text(first - 2));
  }
  if (!isDeclared) return null;
  let at_ = text(first) === 'async' ? first + 2 : first + 1;
  if (text(at_) === '*') at_++;
  if (text(first - 1) === 'export') return text(at_);
  return inList(all, text(at_));
}

function inList(all: readonly Token[], name: string): string | null {
  for (let i = 0; i < all.length; i++) {
    if (all[i]!.text !== 'export' || all[i]!.enclosing >= 0 || all[i]!.kind !== 'name') continue;
    if (all[i + 1]?.text === 'default' && all[i + 2]?.text === name && all[i + 3]?.text !== '(')
      return 'default';
    if (all[i + 1]?.text !== '{') continue;
    const end = all[i + 1]!.partner;
    if (all[end + 1]?.text === 'from') continue;
    for (let j = i + 2; j < end; j++) {
      if (all[j]!.text !== name || /^(as)$/.test(all[j - 1]!.text)) continue;
      return all[j + 1]!.text === 'as' ? all[j + 2]!.text : name;
    }
  }
  return null;
}
