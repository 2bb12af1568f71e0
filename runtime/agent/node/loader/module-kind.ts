/**
 * Whether a file is an ES module or CommonJS, as Node decides it: by its name, then by the nearest
 * package.json, then by its text.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Node, type ParsedFile } from '../instrument/syntax-tree.ts';

export type ModuleKind = 'module' | 'commonjs';

const known = new Map<string, ModuleKind | null>();

/** @returns null where neither name nor package.json decides: then `kindOfText` does */
export function kindOfPath(path: string): ModuleKind | null {
  if (/\.m[jt]s$/.test(path)) return 'module';
  if (/\.c[jt]s$/.test(path)) return 'commonjs';
  return kindOfPackage(dirname(path));
}

/**
 * The kind of a file without a declared kind: syntax that only a module can hold makes it one.
 * TypeScript's parser accepts `import` in CommonJS; Node, which sees the text without types, does
 * not.
 */
export function kindOfText(source: string, parse: (kind: ModuleKind) => ParsedFile): ModuleKind {
  if (!/\b(?:import|export|await)\b/.test(source)) return 'commonjs';
  const { program, error } = parse('commonjs');
  if (error !== null) return parse('module').error === null ? 'module' : 'commonjs';
  return (program['body'] as Node[]).some(isModuleSyntax) ? 'module' : 'commonjs';
}

function isModuleSyntax({ type, importKind, exportKind }: Node): boolean {
  if (type === 'ImportDeclaration') return importKind !== 'type';
  return /^Export(?:Named|Default|All)Declaration$/.test(type) && exportKind !== 'type';
}

function kindOfPackage(folder: string): ModuleKind | null {
  const cached = known.get(folder);
  if (cached !== undefined) return cached;
  const kind = readKind(folder);
  known.set(folder, kind);
  return kind;
}

function readKind(folder: string): ModuleKind | null {
  if (folder.endsWith('node_modules')) return null;
  try {
    const { type } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { type?: unknown };
    return type === 'module' || type === 'commonjs' ? type : null;
  } catch {
    const parent = dirname(folder);
    return parent === folder ? null : kindOfPackage(parent);
  }
}
