/**
 * Who imports whom: import circles, and imports upwards. Type-only imports, import types, dynamic
 * imports and re-exports count like any other, because a reader has to follow them all the same.
 */

import { posix } from 'node:path';
import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isStringLiteral,
  SyntaxKind,
  type Node,
} from 'typescript/unstable/ast';
import type { Floor } from './floors.ts';
import type { Occurrence } from './occurrence.ts';
import { lineAt, walk, type SourceTree } from './source-tree.ts';

export interface Import {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

/** The imports of files of the tree by files of the tree; packages are the linter's concern. */
export function importsOf(tree: SourceTree): Import[] {
  const paths = new Set(tree.map(({ path }) => path));
  return tree.flatMap(({ path, text, syntax }) => {
    const imports: Import[] = [];
    if (syntax === undefined) return imports;
    walk(syntax, (node) => {
      const specifier = specifierOf(node);
      const to = specifier === undefined ? undefined : resolve(path, specifier, paths);
      if (to !== undefined) imports.push({ from: path, to, line: lineAt(text, node.getStart(syntax)) });
    });
    return imports;
  });
}

function specifierOf(node: Node): string | undefined {
  let specifier: Node | undefined;
  if (isImportDeclaration(node) || isExportDeclaration(node)) specifier = node.moduleSpecifier;
  else if (isImportTypeNode(node) && isLiteralTypeNode(node.argument)) specifier = node.argument.literal;
  else if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword)
    specifier = node.arguments[0];
  return specifier !== undefined && isStringLiteral(specifier) ? specifier.text : undefined;
}

/** The build's `worker:../x.ts` is no import: it is a script as a string. */
function resolve(from: string, specifier: string, paths: ReadonlySet<string>): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const to = posix.join(posix.dirname(from), specifier);
  return [to, to.replace(/\.js$/, '.ts')].find((path) => paths.has(path));
}

/** Each with a shortest way around; a file stands in one of them only, however many it closes. */
export function circlesIn(imports: readonly Import[]): Occurrence[] {
  const importsFrom = new Map<string, Import[]>();
  for (const one of imports) {
    const others = importsFrom.get(one.from);
    if (others === undefined) importsFrom.set(one.from, [one]);
    else others.push(one);
  }
  const reported = new Set<string>();
  const circles: Occurrence[] = [];
  for (const start of importsFrom.keys()) {
    const around = shortestWayBack(start, importsFrom);
    if (around === undefined || around.some(({ from }) => reported.has(from))) continue;
    for (const { from } of around) reported.add(from);
    const way = [...around.map(({ from }) => from), start].join(' → ');
    circles.push({ path: start, line: around[0]!.line, what: way });
  }
  return circles;
}

function shortestWayBack(
  start: string,
  importsFrom: ReadonlyMap<string, readonly Import[]>,
): Import[] | undefined {
  const reachedBy = new Map<string, Import>();
  const queue = [start];
  for (const at of queue) {
    for (const step of importsFrom.get(at) ?? []) {
      if (reachedBy.has(step.to)) continue;
      reachedBy.set(step.to, step);
      if (step.to === start) return wayTo(start, reachedBy);
      queue.push(step.to);
    }
  }
  return undefined;
}

function wayTo(start: string, reachedBy: ReadonlyMap<string, Import>): Import[] {
  const way = [reachedBy.get(start)!];
  while (way[0]!.from !== start) way.unshift(reachedBy.get(way[0]!.from)!);
  return way;
}

/** Imports that no row of the table allows, and files in a folder without a row. */
export function importsUpwards(
  tree: SourceTree,
  imports: readonly Import[],
  floors: readonly Floor[],
): Occurrence[] {
  const withoutRow = new Map<string, Occurrence>();
  for (const { path, syntax } of tree) {
    const folder = posix.dirname(path);
    if (syntax === undefined || withoutRow.has(folder) || floorOf(path, floors) !== undefined) continue;
    withoutRow.set(folder, { path, line: 1, what: `${folder} has no row in floors.ts` });
  }
  const upwards = imports.flatMap(({ from, to, line }) => {
    const floor = floorOf(from, floors);
    const target = floorOf(to, floors);
    if (floor === undefined || target === undefined || floor === target) return [];
    if (mayImport(floor, target)) return [];
    return [{ path: from, line, what: `${floor.room} may not import ${target.room} (${to})` }];
  });
  return [...withoutRow.values(), ...upwards];
}

/** The row of the file's own folder, else of the nearest folder above whose row includes it. */
export function floorOf(path: string, floors: readonly Floor[]): Floor | undefined {
  const folder = posix.dirname(path);
  for (let room = folder; ; room = posix.dirname(room)) {
    const floor = floors.find((row) => row.room === room);
    if (floor !== undefined) return room === folder || floor.withFolders === true ? floor : undefined;
    if (room === '.') return undefined;
  }
}

export function mayImport(floor: Floor, target: Floor): boolean {
  return floor.imports.some((allowed) =>
    allowed.endsWith('/**') ? isWithin(target.room, allowed.slice(0, -3)) : target.room === allowed,
  );
}

export function isWithin(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`);
}
