/**
 * `simul test`: runs a test runner under trace and says what it found, test by test. The runner's
 * output and result stay its own; a finding changes the exit status only where `--fail-on` asks.
 */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { limitBytesOf } from '../../recorder/size-limit.ts';
import { printable } from '../../trace/format/printable.ts';
import { describeIoError } from '../describe-io-error.ts';
import { EXIT } from '../exit-status.ts';
import { forwardSignals } from '../forward-signals.ts';
import { keepNewest } from '../keep-newest.ts';
import { newRecording, recordingsFolder } from '../recordings.ts';
import { findSaveObstacle, saveTrace } from '../saved-trace.ts';
import { startTrace } from '../start-trace.ts';
import { makeSarif } from '../test-run/sarif.ts';
import { readTestRun, TEST_RULES, type TestFinding, type TestRun } from '../test-run/test-findings.ts';
import { annotations, markdownSummary, terminalLines } from '../test-run/test-reports.ts';
import { USAGE } from '../usage.ts';
import { readVersion } from '../version.ts';
import { printMessage } from './print-message.ts';
import { UsageError } from './usage-error.ts';

const options = {
  'fail-on': { type: 'string', multiple: true },
  summary: { type: 'string' },
  sarif: { type: 'string' },
  annotations: { type: 'boolean' },
  out: { type: 'string' },
  light: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const SEVERITIES: readonly string[] = ['warning', 'error'];

export async function testCommand(args: readonly string[]): Promise<number> {
  const end = args.indexOf('--');
  const { values } = parseArgs({ args: end < 0 ? [...args] : args.slice(0, end), options });
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return EXIT.ok;
  }
  const [runner, ...rest] = end < 0 ? [] : args.slice(end + 1);
  if (runner === undefined)
    throw new UsageError('test takes two dashes and a test runner: test -- vitest run');
  const failOn = values['fail-on'] ?? [];
  for (const name of failOn)
    if (![...SEVERITIES, ...TEST_RULES].includes(name))
      throw new UsageError(`--fail-on takes warning, error or the name of a rule; it got "${name}"`);
  const obstacle = [values.sarif, values.out].map((file) => file && findSaveObstacle(file)).find(Boolean);
  if (obstacle) {
    printMessage(obstacle);
    return EXIT.cannotWrite;
  }
  const made = newRecording(recordingsFolder());
  if ('trouble' in made) {
    printMessage(`${made.trouble}; the tests run untraced`);
    return (await startRunner([runner, ...rest], null, 'full')).status;
  }
  const depth = values.light === true ? 'light' : 'full';
  const ended = await startRunner([runner, ...rest], made.folder, depth);
  if (ended.trouble !== null) {
    printMessage(ended.trouble);
    return ended.status;
  }
  const run = readTestRun(made.folder, process.cwd());
  if (typeof run === 'string') {
    printMessage(`nothing was recorded: ${run}`);
    return ended.status;
  }
  const isWritten = report(run, made.folder, values);
  const failing = run.findings.filter((finding) => isFailure(finding, failOn));
  if (ended.status !== 0) return ended.status;
  if (failing.length > 0) {
    const rules = [...new Set(failing.map(({ rule }) => rule))].join(', ');
    printMessage(`--fail-on: ${rules}`);
    return EXIT.findings;
  }
  return isWritten ? EXIT.ok : EXIT.cannotWrite;
}

interface RunnerEnd {
  readonly status: number;
  readonly trouble: string | null;
}

async function startRunner(
  command: readonly [string, ...string[]],
  recording: string | null,
  depth: 'full' | 'light',
): Promise<RunnerEnd> {
  const program = startTrace({ command, recording, depth, env: withInstalledTools(process.env) });
  const stopForwarding = forwardSignals([program.child]);
  const keeping = recording === null ? null : keepNewest(recording, limitBytesOf(process.env['SIMUL_LIMIT']));
  const end = await program.ended;
  stopForwarding();
  await keeping?.stop();
  return end;
}

/** As `npm run` and `npx` have it: what is installed here is found by its name. */
function withInstalledTools(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const folders: string[] = [];
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const tools = join(folder, 'node_modules', '.bin');
    if (existsSync(tools)) folders.push(tools);
    if (dirname(folder) === folder) break;
  }
  return { ...env, PATH: [...folders, env['PATH'] ?? ''].join(delimiter) };
}

const isFailure = ({ rule, severity }: TestFinding, failOn: readonly string[]): boolean =>
  failOn.some((name) => name === rule || name === severity || (name === 'warning' && severity === 'error'));

interface ReportOptions {
  readonly summary?: string | undefined;
  readonly sarif?: string | undefined;
  readonly annotations?: boolean | undefined;
  readonly out?: string | undefined;
}

/** @returns false when a file could not be written, which was said */
function report(
  run: TestRun,
  recording: string,
  { summary, sarif, annotations: asked, out }: ReportOptions,
): boolean {
  for (const line of terminalLines(run)) printMessage(line);
  for (const trouble of run.troubles) printMessage(`Damaged: ${trouble}.`);
  const isInActions = process.env['GITHUB_ACTIONS'] === 'true';
  // Read by the runner of the workflow, which wants them at the beginning of a line.
  if (asked ?? isInActions) for (const line of annotations(run)) process.stderr.write(`${printable(line)}\n`);
  const summaryFile = summary ?? process.env['GITHUB_STEP_SUMMARY'];
  try {
    if (summaryFile !== undefined && summaryFile !== '') appendFileSync(summaryFile, markdownSummary(run));
    if (sarif !== undefined)
      writeFileSync(sarif, `${JSON.stringify(makeSarif(run, readVersion()), null, 1)}\n`);
  } catch (error) {
    printMessage(`the report cannot be written: ${describeIoError(error)}`);
    return false;
  }
  if (out === undefined) return true;
  const saved = saveTrace(recording, out);
  printMessage(typeof saved === 'string' ? saved : `saved as ${out} (${saved.records} records)`);
  return typeof saved !== 'string';
}
