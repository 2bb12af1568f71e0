/** Is a file an ES module or CommonJS? As Node decides: by its name, then the nearest package.json, then its text. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type ModuleKind = 'module' | 'commonjs';

const known = new Map<string, ModuleKind | null>();

/** @returns null where neither name nor package.json tells: the text decides (`kindOfText`). */
export function kindOfPath(path: string): ModuleKind | null {
  if (/\.m[jt]s$/.test(path)) return 'module';
  if (/\.c[jt]s$/.test(path)) return 'commonjs';
  return kindOfPackage(dirname(path));
}

/** The text of a file without a declared kind: module syntax at the start of a line makes it a module. */
export function kindOfText(source: string, parses: (kind: ModuleKind) => boolean): ModuleKind {
  if (!/\b(?:import|export|await)\b/.test(source)) return 'commonjs';
  return !parses('commonjs') && parses('module') ? 'module' : 'commonjs';
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
