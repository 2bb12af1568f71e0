/** Functions with many parameters: at a call nobody can tell the sixth argument from the fifth. */

import {
  isArrowFunction,
  isConstructorDeclaration,
  isFunctionDeclaration,
  isFunctionExpression,
  isIdentifier,
  isMethodDeclaration,
  isPrivateIdentifier,
  isPropertyAssignment,
  isPropertyDeclaration,
  isVariableDeclaration,
  type Node,
} from 'typescript/unstable/ast';
import type { Occurrence } from './occurrence.ts';
import { lineAt, walk, type SourceTree } from './source-tree.ts';

/** What has a body counts, once; a signature in an interface is counted where it is implemented. */
export function functionsWithManyParameters(tree: SourceTree, minParameters: number): Occurrence[] {
  return tree.flatMap(({ path, text, syntax }) => {
    const occurrences: Occurrence[] = [];
    if (syntax === undefined) return occurrences;
    walk(syntax, (node) => {
      const parameters = parametersOf(node);
      if (parameters === undefined || parameters < minParameters) return;
      const what = `${nameOf(node)} has ${parameters} parameters`;
      occurrences.push({ path, line: lineAt(text, node.getStart(syntax)), what });
    });
    return occurrences;
  });
}

/** Nothing for what is no function or has no body. */
function parametersOf(node: Node): number | undefined {
  const isFunction =
    isFunctionDeclaration(node) ||
    isFunctionExpression(node) ||
    isArrowFunction(node) ||
    isMethodDeclaration(node) ||
    isConstructorDeclaration(node);
  return isFunction && node.body !== undefined ? node.parameters.length : undefined;
}

function nameOf(node: Node): string {
  if (isConstructorDeclaration(node)) return 'a constructor';
  const named = isArrowFunction(node) || isFunctionExpression(node) ? node.parent : node;
  if (
    (isFunctionDeclaration(named) ||
      isMethodDeclaration(named) ||
      isVariableDeclaration(named) ||
      isPropertyAssignment(named) ||
      isPropertyDeclaration(named)) &&
    named.name !== undefined &&
    (isIdentifier(named.name) || isPrivateIdentifier(named.name))
  )
    return named.name.text;
  return 'a function without a name';
}
