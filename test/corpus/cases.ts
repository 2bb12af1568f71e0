/**
 * The programs of a folder: NAME/truth.md beside what it tells of, or below a folder `healthy` or
 * `mended` a program without a fault, which needs no truth.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseTruth, type Truth } from './truth.ts';

export interface Case {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly run: string;
  /** Null: it has no fault. */
  readonly truth: Truth | null;
}

/**
 * Those of the folder, and of a folder `healthy` in it.
 * @throws Error naming the file that cannot be read, or the folder without a case
 */
export function casesOf(folder: string): Case[] {
  const healthy = resolve(folder, 'healthy');
  const cases = [folder, healthy]
    .filter((each) => existsSync(each))
    .flatMap((each) => readdirSync(each, { withFileTypes: true }).map((entry) => ({ each, entry })))
    .filter(({ entry }) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ each, entry: { name } }) => caseOf(resolve(each, name)))
    .filter((found) => found !== null);
  if (cases.length === 0) throw new Error(`${folder} holds no case: no NAME/truth.md and no healthy/NAME`);
  return cases;
}

/** Folders of programs without a fault: the second holds faulty ones as they were mended. */
const FAULTLESS: ReadonlySet<string> = new Set(['healthy', 'mended']);

function caseOf(folder: string): Case | null {
  const name = basename(folder);
  const file = join(folder, 'truth.md');
  const isHealthy = FAULTLESS.has(basename(dirname(folder)));
  if (existsSync(file) && !isHealthy) {
    try {
      const truth = parseTruth(readFileSync(file, 'utf8'));
      return { name, folder, run: truth.run || programOf(folder), truth };
    } catch (error) {
      throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
    }
  }
  return isHealthy ? { name, folder, run: programOf(folder), truth: null } : null;
}

/** A file named `program`, or tests for Node's runner. */
function programOf(folder: string): string {
  const names = readdirSync(folder);
  const program = names.find((name) => /^program\.(?:[cm]?[jt]sx?|py)$/.test(name));
  const test = names.find((name) => /\.test\.[cm]?js$/.test(name));
  if (program === undefined && test === undefined) throw new Error(`${folder} holds no program`);
  return program ?? `node --test ${test}`;
}
