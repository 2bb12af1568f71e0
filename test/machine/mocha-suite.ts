/** Runs one mocha suite in a child process and adds up what its result file says. */

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runCommand } from './command.ts';
import type { MochaOrder } from './mocha-child.ts';
import { readResults, type Tally } from './results.ts';
import { tree } from './tree.ts';

export interface MochaSuite {
  readonly name: string;
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** For the whole suite, and for one test that sets nothing of its own. */
  readonly boundMs: number;
  readonly testTimeoutMs: number;
  readonly grep?: string | undefined;
}

export async function runMochaSuite(suite: MochaSuite): Promise<Tally> {
  if (suite.files.length === 0) {
    const title = `the suite "${suite.name}" ran nothing`;
    return { passed: 0, failures: [{ title, reason: 'no test file was found for it in build/test' }] };
  }
  const folder = mkdtempSync(join(tmpdir(), 'simul-results-'));
  const results = join(folder, 'results.jsonl');
  const order: MochaOrder = {
    results,
    files: suite.files,
    timeoutMs: suite.testTimeoutMs,
    ...(suite.grep === undefined ? {} : { grep: suite.grep }),
  };
  try {
    const ended = await runCommand({
      file: process.execPath,
      args: ['--enable-source-maps', join(tree, 'build/test/machine/mocha-child.js')],
      cwd: tree,
      env: { ...process.env, ...suite.env, SIMUL_MOCHA: JSON.stringify(order) },
      boundMs: suite.boundMs,
      output: 'show',
    });
    const tally = readResults(results, suite.name, ended.how);
    // All tests passed and the process failed all the same: say so.
    if (ended.ok || tally.failures.length > 0) return tally;
    return { ...tally, failures: [{ title: `the suite "${suite.name}" ended badly`, reason: ended.how }] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The compiled test files under a folder of build/test whose path (relative to build/test, with /) is wanted.
 * A compiled file whose source is gone is a leftover and is passed over.
 */
export function testFiles(wanted: (path: string) => boolean): string[] {
  const built = join(tree, 'build/test');
  if (!existsSync(built)) return [];
  return readdirSync(built, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.js'))
    .map((entry) => relative(built, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => wanted(path) && hasSource(path))
    .sort()
    .map((path) => join(built, path));
}

function hasSource(path: string): boolean {
  const source = join(tree, 'test', path.slice(0, -'.js'.length));
  return existsSync(`${source}.ts`) || existsSync(`${source}.tsx`);
}
