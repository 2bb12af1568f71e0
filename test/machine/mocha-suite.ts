/** Runs one mocha suite in a child process and adds up its result file. */

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runCommand } from './run-command.ts';
import type { MochaOptions } from './mocha-child.ts';
import { readResults, type Tally } from './results.ts';
import { tree } from './tree.ts';

export interface MochaSuite {
  readonly name: string;
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** For the whole suite. */
  readonly boundMs: number;
  /** For a test that sets no timeout of its own. */
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
  const options: MochaOptions = {
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
      env: { ...process.env, ...suite.env, SIMUL_MOCHA: JSON.stringify(options) },
      boundMs: suite.boundMs,
      output: 'show',
    });
    const tally = readResults(results, suite.name, ended.outcome);
    // All tests passed, but the process failed: that is a failure, too.
    if (ended.ok || tally.failures.length > 0) return tally;
    return {
      ...tally,
      failures: [{ title: `the suite "${suite.name}" ended badly`, reason: ended.outcome }],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The compiled test files. A file without its source is left over from an earlier build and is not
 * among them.
 * @param isWanted is given the path relative to build/test, with /
 */
export function testFiles(isWanted: (path: string) => boolean): string[] {
  const built = join(tree, 'build/test');
  if (!existsSync(built)) return [];
  return readdirSync(built, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.js'))
    .map((entry) => relative(built, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => isWanted(path) && hasSource(path))
    .sort()
    .map((path) => join(built, path));
}

function hasSource(path: string): boolean {
  const source = join(tree, 'test', path.slice(0, -'.js'.length));
  return existsSync(`${source}.ts`) || existsSync(`${source}.tsx`);
}
