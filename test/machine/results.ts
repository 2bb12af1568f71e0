/**
 * The results of a suite: a file with one JSON line for each event, written synchronously. The
 * runner believes this file alone. An exit code may lie (a killed extension host reports 0), and
 * output may be cut. A suite that did not write its `end` line did not end, and the last `begin`
 * names the test that was running.
 */

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type Mocha from 'mocha';

export type ResultLine =
  | { readonly kind: 'begin'; readonly title: string }
  | { readonly kind: 'pass'; readonly title: string; readonly ms: number }
  | { readonly kind: 'fail'; readonly title: string; readonly reason: string }
  /** Skipped, for what the machine lacks. */
  | { readonly kind: 'absent'; readonly title: string }
  | { readonly kind: 'end' };

export interface Failure {
  readonly title: string;
  readonly reason: string;
}

export interface Tally {
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Tests that this machine cannot run, by their titles; the runner's last line counts them. */
  readonly absent?: readonly string[];
}

/** The end of a title that names what a machine may lack: "… [needs root]". */
const NEEDS = / \[needs [^\]]+\]$/;

/**
 * Writes what a mocha runner reports. A skipped test is a failure, for it must not go unseen; one
 * whose title names what the machine lacks is told of in the runner's last line.
 */
export function recordResults(runner: Mocha.Runner, path: string): void {
  const write = (line: ResultLine): void => appendFileSync(path, `${JSON.stringify(line)}\n`);
  runner.on('test', (test) => write({ kind: 'begin', title: test.fullTitle() }));
  runner.on('pass', (test) => write({ kind: 'pass', title: test.fullTitle(), ms: test.duration ?? 0 }));
  runner.on('fail', (test, error: unknown) =>
    write({ kind: 'fail', title: test.fullTitle(), reason: reasonOf(error) }),
  );
  runner.on('pending', (test) => {
    const title = test.fullTitle();
    write(NEEDS.test(title) ? { kind: 'absent', title } : { kind: 'fail', title, reason: 'it was skipped' });
  });
  runner.on('end', () => write({ kind: 'end' }));
}

/** Adds up a result file. @param outcome how the process ended, for a suite without an `end` */
export function readResults(path: string, suite: string, outcome: string): Tally {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  let passed = 0;
  let ended = false;
  let runningTest: string | undefined;
  const failures: Failure[] = [];
  const absent: string[] = [];
  for (const text of lines) {
    const line = parseLine(text);
    if (line === undefined) continue;
    switch (line.kind) {
      case 'begin':
        runningTest = line.title;
        break;
      case 'pass':
        runningTest = undefined;
        passed++;
        break;
      case 'fail':
        runningTest = undefined;
        failures.push({ title: line.title, reason: line.reason });
        break;
      case 'absent':
        runningTest = undefined;
        absent.push(line.title);
        break;
      case 'end':
        ended = true;
        break;
    }
  }
  if (!ended) {
    const where = runningTest === undefined ? 'between tests' : `in "${runningTest}"`;
    failures.push({
      title: `the suite "${suite}" did not come to its end`,
      reason: `${outcome} ${where}`,
    });
  } else if (passed + failures.length === 0) {
    failures.push({ title: `the suite "${suite}" ran nothing`, reason: 'it holds no test' });
  }
  return absent.length === 0 ? { passed, failures } : { passed, failures, absent };
}

/** Prints the results of a suite whose own output went elsewhere. */
export function printResults(path: string): void {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').map(parseLine) : [];
  for (const line of lines) {
    if (line?.kind === 'pass') console.log(`  ✔ ${line.title} (${line.ms}ms)`);
    if (line?.kind === 'fail') console.log(`  ✘ ${line.title}`);
  }
}

/** undefined: the line was cut short by a kill. The missing `end` reports that already. */
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
