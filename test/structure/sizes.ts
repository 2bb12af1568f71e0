/** How long files are. */

import {
  isArrayLiteralExpression,
  isAsExpression,
  isObjectLiteralExpression,
  isSatisfiesExpression,
  isVariableStatement,
  SyntaxKind,
  type Node,
} from 'typescript/unstable/ast';
import type { Occurrence } from './occurrence.ts';
import { lineAt, type SourceFile, type SourceTree } from './source-tree.ts';

export function longFiles(tree: SourceTree, maxLines: number): Occurrence[] {
  return tree.flatMap(({ path, text, syntax }) => {
    const lines = lineCount(text);
    return syntax !== undefined && lines > maxLines ? [{ path, line: 1, what: `${lines} lines` }] : [];
  });
}

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** A `*.cases.ts` of which one exported list or record takes nine tenths of the lines. */
export function isTable({ path, text, syntax }: SourceFile): boolean {
  if (!path.endsWith('.cases.ts') || syntax === undefined) return false;
  return syntax.statements.some((statement) => {
    if (!isVariableStatement(statement)) return false;
    if (!statement.modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword)) return false;
    const value = statement.declarationList.declarations[0]?.initializer;
    if (value === undefined || !isLiteral(value)) return false;
    const lines = lineAt(text, statement.end) - lineAt(text, statement.getStart(syntax)) + 1;
    return lines >= lineCount(text) * 0.9;
  });
}

function isLiteral(node: Node): boolean {
  if (isSatisfiesExpression(node) || isAsExpression(node)) return isLiteral(node.expression);
  return isArrayLiteralExpression(node) || isObjectLiteralExpression(node);
}
