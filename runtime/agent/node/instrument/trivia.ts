/** Finds tokens between the nodes of the tree. It skips blanks and comments, nothing else. */

const lineBreak = /[\r\n\u2028\u2029]/g;

/** Offset of the first token at or after `at`. */
export function skipTrivia(source: string, offset: number): number {
  for (;;) {
    const char = source[offset];
    if (char === '/' && source[offset + 1] === '/') {
      lineBreak.lastIndex = offset;
      const end = lineBreak.exec(source);
      if (end === null) return source.length;
      offset = end.index;
    } else if (char === '/' && source[offset + 1] === '*') {
      offset = source.indexOf('*/', offset + 2) + 2;
    } else if (char !== undefined && /\s/.test(char)) offset++;
    else return offset;
  }
}

/**
 * Offset just after the last character before `at` that is neither blank nor in a block comment.
 */
export function skipBlanksBack(source: string, offset: number): number {
  for (;;) {
    while (offset > 0 && /\s/.test(source[offset - 1]!)) offset--;
    if (source[offset - 1] !== '/' || source[offset - 2] !== '*') return offset;
    offset = source.lastIndexOf('/*', offset - 3);
  }
}

/**
 * Offset of the next `token` after `at`, with only trivia and other whole tokens between; -1 when
 * there is none before `end`.
 */
export function findToken(source: string, offset: number, end: number, token: string): number {
  const word = /^\w/.test(token);
  for (offset = skipTrivia(source, offset); offset < end; offset = skipTrivia(source, offset)) {
    if (source.startsWith(token, offset) && !(word && /[\w$]/.test(source[offset + token.length] ?? '')))
      return offset;
    const run = /^[\w$]+/.exec(source.slice(offset, Math.min(end, offset + 200)));
    offset += run ? run[0].length : 1;
  }
  return -1;
}
