/**
 * What may be done about a finding in the text of a file as it is now: the fixes of its rule, and
 * where a comment can silence it.
 */
import { eachChild, type Node } from '../../../runtime/agent/node/instrument/syntax-tree.ts';
import type { Fix, FixRequest } from './fix.ts';
import { FIXES } from './registry.ts';
import type { SourceFile } from './source-file.ts';

export const fixesOf = (request: FixRequest): readonly Fix[] =>
  (FIXES[request.finding.rule] ?? []).flatMap((makeFixes) => makeFixes(request));

/** In these, a line of comment would be text. */
const TEXTS: ReadonlySet<string> = new Set(['TemplateElement', 'JSXText', 'Literal']);

/** Whether a line of comment may stand before the line that begins there. */
export function mayHoldComment(source: SourceFile, lineStart: number): boolean {
  let isText = false;
  const visit = (node: Node): void => {
    if (TEXTS.has(node.type) && node.start < lineStart && lineStart <= node.end) isText = true;
    eachChild(node, (child) => {
      if (child.start < lineStart && lineStart <= child.end) visit(child);
    });
  };
  visit(source.program);
  return !isText && !isInJsx(source.program, lineStart);
}

/** Between the children of an element, where `//` is text, too. */
function isInJsx(program: Node, offset: number): boolean {
  let innermost: Node = program;
  const visit = (node: Node): void => {
    innermost = node;
    eachChild(node, (child) => {
      if (child.start < offset && offset <= child.end) visit(child);
    });
  };
  visit(program);
  return innermost.type === 'JSXElement' || innermost.type === 'JSXFragment';
}
