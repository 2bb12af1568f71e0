/** What the code declares, and which of it has a name that is no longer used. */

import { posix } from 'node:path';
import {
  isClassDeclaration,
  isClassExpression,
  isFunctionDeclaration,
  isGetAccessorDeclaration,
  isIdentifier,
  isInterfaceDeclaration,
  isMethodDeclaration,
  isMethodSignatureDeclaration,
  isPrivateIdentifier,
  isPropertyAssignment,
  isPropertyDeclaration,
  isPropertySignatureDeclaration,
  isSourceFile,
  isStringLiteral,
  isTypeAliasDeclaration,
  isTypeReferenceNode,
  isVariableDeclaration,
  isVariableStatement,
  type Node,
} from 'typescript/unstable/ast';
import { isWithin } from './imports.ts';
import type { Occurrence } from './occurrence.ts';
import type { DeclarationKind, RetiredName } from './retired-name.ts';
import { lineAt, walk, type SourceTree } from './source-tree.ts';

export interface Declaration {
  readonly kind: DeclarationKind;
  /** A file's is its name up to the first dot, a rule's is the one that its findings carry. */
  readonly name: string;
  readonly path: string;
  readonly line: number;
}

export function declarationsOf(tree: SourceTree): Declaration[] {
  return tree.flatMap(({ path, text, syntax }) => {
    const file = /^[^.]*/.exec(posix.basename(path))![0];
    const declarations: Declaration[] = [{ kind: 'file', name: file, path, line: 1 }];
    if (syntax === undefined) return declarations;
    walk(syntax, (node) => {
      const kind = kindOf(node);
      const name = kind === 'rule' ? ruleName(node) : nameOf(node);
      if (kind === undefined || name === undefined) return;
      declarations.push({ kind, name, path, line: lineAt(text, node.getStart(syntax)) });
    });
    return declarations;
  });
}

function kindOf(node: Node): DeclarationKind | undefined {
  if (isFunctionDeclaration(node)) return 'function';
  if (ruleName(node) !== undefined) return 'rule';
  if (isVariableDeclaration(node)) {
    const statement = node.parent.parent;
    return isVariableStatement(statement) && isSourceFile(statement.parent) ? 'constant' : undefined;
  }
  const isType =
    isClassDeclaration(node) ||
    isClassExpression(node) ||
    isInterfaceDeclaration(node) ||
    isTypeAliasDeclaration(node);
  if (isType) return 'type';
  const isMember =
    isMethodDeclaration(node) ||
    isMethodSignatureDeclaration(node) ||
    isPropertyDeclaration(node) ||
    isPropertySignatureDeclaration(node) ||
    isGetAccessorDeclaration(node);
  return isMember ? 'member' : undefined;
}

/** Without the `#` of a private member; nothing for what is destructured or computed. */
function nameOf(node: Node): string | undefined {
  const { name } = node as Node & { readonly name?: Node };
  if (name === undefined) return undefined;
  if (isPrivateIdentifier(name)) return name.text.replace(/^#/, '');
  return isIdentifier(name) || isStringLiteral(name) ? name.text : undefined;
}

/** Of the `name: '…'` in a constant of the type `Rule`. */
function ruleName(node: Node): string | undefined {
  if (!isPropertyAssignment(node) || !isStringLiteral(node.initializer)) return undefined;
  const rule = node.parent.parent;
  const isOfRule =
    isVariableDeclaration(rule) &&
    rule.type !== undefined &&
    isTypeReferenceNode(rule.type) &&
    isIdentifier(rule.type.typeName) &&
    rule.type.typeName.text === 'Rule';
  return isOfRule && nameOf(node) === 'name' ? node.initializer.text : undefined;
}

export function retiredNamesIn(tree: SourceTree, retired: readonly RetiredName[]): Occurrence[] {
  return declarationsOf(tree).flatMap((declaration) => {
    const { kind, name, path, line } = declaration;
    const row = retired.find((candidate) => isRetired(declaration, candidate));
    return row === undefined ? [] : [{ path, line, what: `${kind} ${name}: use ${row.use}` }];
  });
}

function isRetired({ kind, name, path }: Declaration, row: RetiredName): boolean {
  if (row.kinds !== undefined && !row.kinds.includes(kind)) return false;
  if (row.rooms !== undefined && !row.rooms.some((room) => isWithin(path, room))) return false;
  const isWithDashes = kind === 'file' || kind === 'rule';
  return row.names.some((retired) => matches(name, isWithDashes ? withDashes(retired) : retired));
}

function withDashes(name: string): string {
  return name.replace(/[a-z](?=[A-Z])/g, '$&-').toLowerCase();
}

/** `*` at one end of a retired name stands for anything. */
function matches(name: string, retired: string): boolean {
  if (retired.endsWith('*')) return name.startsWith(retired.slice(0, -1));
  if (retired.startsWith('*')) return name.endsWith(retired.slice(1));
  return name === retired;
}
