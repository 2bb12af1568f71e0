/**
 * The exports of a module that vite has prepared to run in Node, as vitest does: a function that
 * holds the module's body and registers its exports by calls. Both forms that vite has written are
 * read: of version 7 and newer, and of version 5 and 6.
 *
 *   __vite_ssr_exportName__("salted", () => { try { return salted } catch {} });
 *   Object.defineProperty(__vite_ssr_exports__, "salted", { …, get(){ return salted }});
 */
import type { Token } from './tokenize.ts';

/**
 * How deep the module's body stands in vite's text: the index of the brace around it, −1 for the
 * text of a module that vite has not touched.
 */
export function findModuleBody(tokens: readonly Token[]): number {
  const first = tokens.findIndex(({ text }) => text === '__vite_ssr_exports__');
  if (first < 0 || tokens[first]!.enclosing < 0) return -1;
  const parameters = tokens[first]!.enclosing;
  let body = -1;
  for (let at = tokens[parameters]!.partner + 1; at < tokens.length; at++) {
    const { text } = tokens[at]!;
    if (text === '{') body = at;
    else if (text !== '=' && text !== '>' && text !== '=>') break;
  }
  return body;
}

/** The name under which such a module exports its variable `local`; null when it does not. */
export function findViteExport(tokens: readonly Token[], local: string): string | null {
  for (let at = 0; at < tokens.length; at++) {
    const { text } = tokens[at]!;
    const isRegistered = text === '__vite_ssr_exportName__' && tokens[at + 1]?.text === '(';
    const isDefined = text === '__vite_ssr_exports__' && tokens[at + 1]?.text === ',';
    if (!isRegistered && !isDefined) continue;
    const call = isRegistered ? at + 1 : tokens[at]!.enclosing;
    const name = tokens[at + 2];
    if (name?.kind !== 'string' || call < 0) continue;
    for (let inside = at + 3; inside < tokens[call]!.partner; inside++) {
      if (tokens[inside]!.text === 'return' && tokens[inside + 1]?.text === local)
        return name.text.replaceAll(/^['"]|['"]$/g, '');
    }
  }
  return null;
}
