/** Finds tokens between the nodes of the tree. It skips blanks and comments, nothing else. */

const lineBreak = /[\r\n\u2028\u2029]/g;

/** Offset of the first token at or after `at`. */
export function skipTrivia(source: string, at: number): number {
  for (;;) {
    const char = source[at];
    if (char === '/' && source[at + 1] === '/') {
      lineBreak.lastIndex = at;
      const end = lineBreak.exec(source);
      if (end === null) return source.length;
      at = end.index;
    } else if (char === '/' && source[at + 1] === '*') {
      at = source.indexOf('*/', at + 2) + 2;
    } else if (char !== undefined && /\s/.test(char)) at++;
    else return at;
  }
}

/**
 * Offset just after the last character before `at` that is neither blank nor in a block comment.
 */
export function skipBlanksBack(source: string, at: number): number {
  for (;;) {
    while (at > 0 && /\s/.test(source[at - 1]!)) at--;
    if (source[at - 1] !== '/' || source[at - 2] !== '*') return at;
    at = source.lastIndexOf('/*', at - 3);
  }
}

/**
 * Offset of the next `token` after `at`, with only trivia and other whole tokens between; -1 when
 * there is none before `end`.
 */
export function findToken(source: string, at: number, end: number, token: string): number {
  const word = /^\w/.test(token);
  for (at = skipTrivia(source, at); at < end; at = skipTrivia(source, at)) {
    if (source.startsWith(token, at) && !(word && /[\w$]/.test(source[at + token.length] ?? ''))) return at;
    const run = /^[\w$]+/.exec(source.slice(at, Math.min(end, at + 200)));
    at += run ? run[0].length : 1;
  }
  return -1;
}
