/** Comments that reach past a column, in code and in style sheets. */

import {
  isJsxText,
  isNoSubstitutionTemplateLiteral,
  isRegularExpressionLiteral,
  isStringLiteral,
  isTemplateHead,
  isTemplateMiddle,
  isTemplateTail,
  type Node,
} from 'typescript/unstable/ast';
import type { Occurrence } from './occurrence.ts';
import { walk, type SourceFile, type SourceTree } from './source-tree.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Columns are counted from the start of the line. What holds a URL alone cannot be broken. */
export function wideComments(tree: SourceTree, maxColumns: number): Occurrence[] {
  return tree.flatMap((file) => {
    const occurrences: Occurrence[] = [];
    const comments = commentsOf(file);
    let next = 0;
    let start = 0;
    for (const [index, line] of file.text.split('\n').entries()) {
      const end = start + line.length;
      while (next < comments.length && comments[next]!.end <= start) next++;
      // The last comment that begins on this line is the one that may reach its end.
      let last = next;
      while (last + 1 < comments.length && comments[last + 1]!.start < end) last++;
      const comment = comments[last];
      if (comment !== undefined && comment.start < end) {
        const columns = [...file.text.slice(start, Math.min(end, comment.end))].length;
        if (columns > maxColumns && !isUrlAlone(line))
          occurrences.push({ path: file.path, line: index + 1, what: `${columns} columns` });
      }
      start = end + 1;
    }
    return occurrences;
  });
}

function isUrlAlone(line: string): boolean {
  return /^\s*(\/\/|\/?\*+)?\s*\S*https?:\/\/\S+\s*(\*\/)?$/.test(line);
}

/** In the order of their places. Outside of literals nothing else looks like a comment. */
function commentsOf({ text, syntax }: SourceFile): Range[] {
  const literals: Range[] = [];
  if (syntax === undefined) {
    for (const match of text.matchAll(/\/\*[^]*?\*\/|"[^"\n]*"|'[^'\n]*'|url\([^)]*\)/g))
      if (!match[0].startsWith('/*'))
        literals.push({ start: match.index, end: match.index + match[0].length });
  } else {
    walk(syntax, (node) => {
      if (!isLiteralText(node)) return;
      // The space at the start of a text in JSX belongs to it, and so would a `//`.
      const start = isJsxText(node) ? node.pos : node.getStart(syntax);
      literals.push({ start, end: node.end });
    });
    literals.sort((a, b) => a.start - b.start);
  }

  const comments: Range[] = [];
  const opening = syntax === undefined ? /\/\*/g : /\/[/*]/g;
  let literal = 0;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const start = found.index;
    while (literal < literals.length && literals[literal]!.end <= start) literal++;
    const around = literals[literal];
    if (around !== undefined && around.start <= start) {
      opening.lastIndex = around.end;
      continue;
    }
    const closing = found[0] === '//' ? text.indexOf('\n', start) : text.indexOf('*/', start + 2) + 2;
    const end = closing < start + 2 ? text.length : closing;
    comments.push({ start, end });
    opening.lastIndex = end;
  }
  return comments;
}

function isLiteralText(node: Node): boolean {
  return (
    isStringLiteral(node) ||
    isNoSubstitutionTemplateLiteral(node) ||
    isTemplateHead(node) ||
    isTemplateMiddle(node) ||
    isTemplateTail(node) ||
    isRegularExpressionLiteral(node) ||
    isJsxText(node)
  );
}
