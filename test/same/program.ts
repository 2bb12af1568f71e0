/**
 * The programs that are started: the files of test/same/programs and those made from tables
 * (families.ts, bundles.ts). A program is small and about one thing, prints what it sees, and does
 * the same in each run.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join, relative, sep } from 'node:path';
import type { NodeMajor } from '../machine/node-binaries.ts';
import { tree } from '../machine/tree.ts';

/** What a program needs of the way that starts it. */
export type Need =
  /** Its own file: it reads it, or imports by a path relative to it. */
  | 'file'
  /** The main thread: signals, `process.abort`, the working directory. */
  | 'main'
  /** That nobody else's code runs in the process: handles, counts of listeners. */
  | 'alone'
  /** To be compiled with types that do not only vanish: enums, decorators, namespaces. */
  | 'compiler'
  /** The body of a test file, which has `test` and `assert`. */
  | 'runner';

export interface Program {
  /** Its path within the folder of programs: `stacks/getter.cjs`. */
  readonly name: string;
  readonly source: string;
  /** Its exit status untraced, started as `node FILE`; a signal by its name. */
  readonly ends: number | NodeJS.Signals;
  readonly needs: ReadonlySet<Need>;
  readonly minNode: NodeMajor;
  readonly maxNode: NodeMajor;
  /** Options for Node. */
  readonly flags: readonly string[];
  /** Each way runs it, and not only `node FILE`. */
  readonly isCore: boolean;
  /** Compiler options, for a program of types. */
  readonly tsconfig: Readonly<Record<string, unknown>>;
  /** More files, by their path from the program's. */
  readonly files: Readonly<Record<string, string>>;
}

export const programsFolder: string = join(tree, 'test/same/programs');

/** A file that programs load; it is none itself. */
const PART = /(?:^|\/)parts\//;
const PROGRAM = /\.(?:[mc]?js|[mc]?ts)$/;

export function readPrograms(): Program[] {
  return readdirSync(programsFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && PROGRAM.test(entry.name))
    .map((entry) => relative(programsFolder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !PART.test(name))
    .sort()
    .map((name) => programOf(name, readFileSync(join(programsFolder, name), 'utf8')));
}

/**
 * The first line may say how the program is to be run:
 * `// same: ends=1 needs=file,main node=22-24 flags=--expose-gc core tsconfig={"paths":{}}`.
 */
export function programOf(name: string, source: string): Program {
  const [, line = ''] = /^\/\/ same: ?(.*)/.exec(source) ?? [];
  const fields = new Map<string, string>();
  for (const [, key, value = ''] of line.matchAll(/(\S+?)(?:=(\S+))?(?:\s|$)/g)) fields.set(key!, value);
  for (const key of fields.keys()) {
    if (!FIELDS.has(key)) throw new Error(`${name}: its first line has no field "${key}"`);
  }
  const [minNode = '20', maxNode = '26'] = (fields.get('node') ?? '').split('-').filter(Boolean);
  const ends = fields.get('ends') ?? '0';
  return {
    name,
    source,
    ends: /^\d+$/.test(ends) ? Number(ends) : (ends as NodeJS.Signals),
    needs: new Set((fields.get('needs') ?? '').split(',').filter(Boolean) as Need[]),
    minNode: Number(minNode) as NodeMajor,
    maxNode: Number(maxNode) as NodeMajor,
    flags: (fields.get('flags') ?? '').split(',').filter(Boolean),
    isCore: fields.has('core'),
    tsconfig: JSON.parse(fields.get('tsconfig') ?? '{}') as Record<string, unknown>,
    files: {},
  };
}

const FIELDS: ReadonlySet<string> = new Set(['ends', 'needs', 'node', 'flags', 'core', 'tsconfig']);

export type Format = 'cjs' | 'mjs' | 'ts' | 'js';

export function formatOf(program: Program): Format {
  return extname(program.name).slice(1) as Format;
}

export const fileNameOf = (program: Program): string => basename(program.name);
