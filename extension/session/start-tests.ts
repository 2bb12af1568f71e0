/**
 * Runs tests of a file under trace and remembers the run: what failed in it can be run again, by
 * the runner's own list of failed tests, or by their names in its report.
 */
import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { isPythonFile } from '../../runtime/launch/runnable-files.ts';
import { failedTests, REPORTING_RUNNERS } from './failed-tests.ts';
import { interpreterFor, type ProgramInterpreter } from './program-interpreter.ts';
import type { ProgramSession } from './program-session.ts';
import { findsPytest, pythonTestCommand } from './python-test-command.ts';
import { recordingsOf, startTraced, type TraceStarter } from './start-traced.ts';
import { testCommand, type RunnerName, type TestCommand, type TitlePath } from './test-command.ts';

export interface TestsToRun {
  readonly uri: vscode.Uri;
  /** Empty: all tests of the file. */
  readonly tests: readonly TitlePath[];
  /** Of these only those that failed, as pytest remembers it. */
  readonly onlyFailed?: boolean;
}

interface LastTests extends TestsToRun {
  readonly runner: RunnerName;
  /** undefined: they still run, or were ended from outside */
  exitCode?: number | undefined;
  isOver: boolean;
}

/** The newest run of this window. */
let last: LastTests | null = null;

/** @returns null when nothing was run, which was said */
export async function startTests(starter: TraceStarter, wanted: TestsToRun): Promise<ProgramSession | null> {
  const { uri, tests } = wanted;
  const text = (await vscode.workspace.openTextDocument(uri)).getText();
  const reportFile = reportFileOf(starter.extension);
  const found = await commandFor(starter, wanted, text, reportFile);
  if (typeof found === 'string') {
    starter.showError(vscode.l10n.t('Nothing was run: {0}.', found));
    return null;
  }
  const { command, interpreter } = found;
  // What the run before wrote must not be taken for this one's.
  await rm(reportFile, { force: true });
  const titles = tests.length === 1 ? tests[0]! : [];
  const session = await startTraced(
    starter,
    {
      name: titles.at(-1) ?? basename(uri.fsPath),
      shown: [command.runner, basename(uri.fsPath), ...titles].join(' › '),
      args: ['--', ...command.args],
      folders: [command.cwd],
      cwd: command.cwd,
      ...(interpreter === undefined ? {} : { interpreter }),
    },
    uri,
  );
  if (session === null) return null;
  const run: LastTests = { ...wanted, runner: command.runner, isOver: false };
  last = run;
  void session.ended.then(({ exitCode }) => {
    run.exitCode = exitCode;
    run.isOver = true;
  });
  return session;
}

/** What failed in the newest run; or one sentence saying why that cannot be run. */
export async function failedAgain(extension: vscode.ExtensionContext): Promise<TestsToRun | string> {
  if (last === null)
    return vscode.l10n.t('No tests were traced in this window yet: trace a file of tests first.');
  const { uri, tests, runner, exitCode, isOver } = last;
  const name = basename(uri.fsPath);
  if (!isOver) return vscode.l10n.t('The tests of {0} still run.', name);
  if (exitCode === 0) return vscode.l10n.t('No test of {0} failed when they were traced last.', name);
  if (runner === 'pytest') return { uri, tests, onlyFailed: true };
  if (tests.length === 1) return { uri, tests };
  if (!REPORTING_RUNNERS.has(runner))
    return vscode.l10n.t(
      '{0} keeps no list of the tests that failed: trace one of {1} by its lens.',
      runner,
      name,
    );
  const report = await readFile(reportFileOf(extension), 'utf8').catch(() => '');
  const failed = failedTests(runner, report) ?? [];
  return failed.length > 0
    ? { uri, tests: failed }
    : vscode.l10n.t('{0} named no test of {1} that failed; the terminal says how it ended.', runner, name);
}

/** Whether the runner that such a file needs is there. */
export async function findsRunner(starter: TraceStarter, uri: vscode.Uri, text: string): Promise<boolean> {
  const found = await commandFor(starter, { uri, tests: [] }, text, reportFileOf(starter.extension));
  return typeof found !== 'string';
}

const reportFileOf = (extension: vscode.ExtensionContext): string =>
  join(dirname(recordingsOf(extension)), 'tests-report');

interface FoundCommand {
  readonly command: TestCommand;
  /** Of Python; absent: Node runs the tests. */
  readonly interpreter?: ProgramInterpreter;
}

async function commandFor(
  { log }: TraceStarter,
  { uri, tests, onlyFailed = false }: TestsToRun,
  text: string,
  reportFile: string,
): Promise<FoundCommand | string> {
  const file = uri.fsPath;
  if (!isPythonFile(file)) {
    // What `simul trace` starts is found on its PATH, as in a terminal. One test needs no report.
    const command = testCommand({ file, text, tests, ...(tests.length === 1 ? {} : { reportFile }) }, 'node');
    return typeof command === 'string' ? command : { command };
  }
  const interpreter = await interpreterFor(uri, uri, (words) => log.warn(words));
  if (typeof interpreter === 'string') return interpreter.replace(/\.$/, '');
  const python = interpreter.python!;
  const workspace = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? null;
  const hasPytest = (cwd: string): Promise<boolean> =>
    findsPytest(python, cwd, { ...process.env, ...interpreter.env });
  const command = await pythonTestCommand({ file, text, tests, python, workspace, hasPytest, onlyFailed });
  return typeof command === 'string' ? command : { command, interpreter };
}
