/**
 * The tracked code, parsed by the project's own compiler. It is parsed as one project of loose
 * files, in which nothing is resolved or checked: what is counted here stands in the syntax.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node, SourceFile as Syntax } from 'typescript/unstable/ast';
import { createVirtualFileSystem } from 'typescript/unstable/fs';
import { API } from 'typescript/unstable/sync';

export interface SourceFile {
  /** From the root of the tree, with `/` on every system. */
  readonly path: string;
  readonly text: string;
  /** Undefined for a style sheet. */
  readonly syntax: Syntax | undefined;
}

export type SourceTree = readonly SourceFile[];

const CODE = /\.(ts|tsx|mjs|cjs)$/;
const CODE_OR_STYLES = /\.(ts|tsx|mjs|cjs|css)$/;

/** Files that git tracks or does not ignore: a new file counts before its commit. */
export function readTree(root: string): SourceTree {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = new Set(execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0'));
  const paths = [...files].filter((path) => CODE_OR_STYLES.test(path) && existsSync(join(root, path)));
  return parseTree(Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])));
}

/** @param texts - by path. */
export function parseTree(texts: Readonly<Record<string, string>>): SourceTree {
  const config = '/tree/tsconfig.json';
  const inTree = (path: string): string => `/tree/${path}`;
  const code = Object.keys(texts).filter((path) => CODE.test(path));
  const files = Object.fromEntries(code.map((path) => [inTree(path), texts[path]!]));
  files[config] = JSON.stringify({ compilerOptions: PARSE_ONLY, files: code.map(inTree) });

  const compiler = new API({ cwd: '/tree', fs: createVirtualFileSystem(files) });
  try {
    const program = compiler.updateSnapshot({ openProjects: [config] }).getProject(config)!.program;
    return Object.entries(texts).map(([path, text]) => ({
      path,
      text,
      syntax: CODE.test(path) ? program.getSourceFile(inTree(path))! : undefined,
    }));
  } finally {
    compiler.close();
  }
}

const PARSE_ONLY = {
  allowJs: true,
  jsx: 'preserve',
  module: 'esnext',
  noEmit: true,
  noLib: true,
  noResolve: true,
  target: 'esnext',
  types: [],
};

/** Calls `visit` with the node and all nodes within it, the outer before the inner. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** The line of a position, from 1. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
