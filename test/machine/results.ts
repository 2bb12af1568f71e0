/**
 * What a suite tells the runner: one JSON line per thing that happened, written
 * synchronously to a file. The file is the only witness that counts: an exit code
 * may lie (a killed extension host reports 0), output may be cut, but a suite that
 * did not write its `end` line did not end, and the last `begin` says where it stood.
 */

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type Mocha from 'mocha';

export type ResultLine =
  | { readonly kind: 'begin'; readonly title: string }
  | { readonly kind: 'pass'; readonly title: string; readonly ms: number }
  | { readonly kind: 'fail'; readonly title: string; readonly reason: string }
  | { readonly kind: 'end' };

export interface Failure {
  readonly title: string;
  readonly reason: string;
}

export interface Tally {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

/** Writes what a mocha runner reports. A skipped test is written as a failure: nothing is skipped in silence. */
export function recordResults(runner: Mocha.Runner, path: string): void {
  const write = (line: ResultLine): void => appendFileSync(path, `${JSON.stringify(line)}\n`);
  runner.on('test', (test) => write({ kind: 'begin', title: test.fullTitle() }));
  runner.on('pass', (test) => write({ kind: 'pass', title: test.fullTitle(), ms: test.duration ?? 0 }));
  runner.on('fail', (test, error: unknown) =>
    write({ kind: 'fail', title: test.fullTitle(), reason: reasonOf(error) }),
  );
  runner.on('pending', (test) => write({ kind: 'fail', title: test.fullTitle(), reason: 'it was skipped' }));
  runner.on('end', () => write({ kind: 'end' }));
}

/** Adds up a result file. `howItStopped` is told when the suite did not come to its end. */
export function readResults(path: string, suite: string, howItStopped: string): Tally {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  let passed = 0;
  let ended = false;
  let standing: string | undefined;
  const failures: Failure[] = [];
  for (const text of lines) {
    const line = parseLine(text);
    if (line === undefined) continue;
    switch (line.kind) {
      case 'begin':
        standing = line.title;
        break;
      case 'pass':
        standing = undefined;
        passed++;
        break;
      case 'fail':
        standing = undefined;
        failures.push({ title: line.title, reason: line.reason });
        break;
      case 'end':
        ended = true;
        break;
    }
  }
  if (!ended) {
    const where = standing === undefined ? 'between tests' : `in "${standing}"`;
    failures.push({
      title: `the suite "${suite}" did not come to its end`,
      reason: `${howItStopped} ${where}`,
    });
  } else if (passed + failures.length === 0) {
    failures.push({ title: `the suite "${suite}" ran nothing`, reason: 'it holds no test' });
  }
  return { passed, failures };
}

/** Prints the results of a suite that could not print by itself. */
export function printResults(path: string): void {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').map(parseLine) : [];
  for (const line of lines) {
    if (line?.kind === 'pass') console.log(`  ✔ ${line.title} (${line.ms}ms)`);
    if (line?.kind === 'fail') console.log(`  ✘ ${line.title}`);
  }
}

/** A line cut short by a kill is left out: the missing `end` tells of it already. */
function parseLine(text: string): ResultLine | undefined {
  try {
    return JSON.parse(text) as ResultLine;
  } catch {
    return undefined;
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
}
