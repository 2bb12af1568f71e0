/**
 * `simul trace`: runs a program under trace, then says what happened. Where no recording can be
 * made it says so in one sentence and runs the program untraced: a debugger must not stop the work.
 */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { missingThreads } from '../../recorder/spare-threads.ts';
import { EXIT } from '../exit-status.ts';
import { attachPython, detachPython, findAttachTarget, untilEnded } from '../attach-python.ts';
import { keepNewest } from '../keep-newest.ts';
import { isLimit, limitBytesOf } from '../../recorder/size-limit.ts';
import { forwardSignals } from '../forward-signals.ts';
import { readSummary } from '../read-trace.ts';
import { holdsRecording, newRecording, prepareRecording, recordingsFolder } from '../recordings.ts';
import { pythonFor } from '../python-command.ts';
import { isPythonFile, isRunnableFile, needsCompiling, RUNNABLE_EXTENSIONS } from '../runnable-files.ts';
import { findSaveObstacle, saveTrace } from '../saved-trace.ts';
import { agentUrl, startTrace } from '../start-trace.ts';
import { USAGE } from '../usage.ts';
import { ownCommandLine, quoteForShell } from './own-command-line.ts';
import { printMessage } from './print-message.ts';
import { parseCount, UsageError } from './usage-error.ts';

/** What a Node process takes, with the shell that watches the group. */
const MIN_THREADS = 13;
/** Signals by which this process ends as well, when its program did. */
const ASKED_TO_END: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** More copies are probably a mistake. */
const MAX_COPIES = 256;

const options = {
  out: { type: 'string' },
  recording: { type: 'string' },
  copies: { type: 'string' },
  light: { type: 'boolean' },
  generators: { type: 'boolean' },
  cpu: { type: 'boolean' },
  values: { type: 'boolean' },
  python: { type: 'string' },
  pid: { type: 'string' },
  quiet: { type: 'boolean' },
  /** The recording exists, and another program records into it. */
  join: { type: 'boolean' },
  /** Set by the extension: its panel shows the recording already. */
  'in-panel': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function traceCommand(args: readonly string[]): Promise<number> {
  const [ownArgs, program] = splitArgs(args);
  const { values } = parseArgs({ args: [...ownArgs], options });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return EXIT.ok;
  }
  // By it the editor's own Node ran this file. The program's Node processes are none of Electron's.
  if (values['in-panel']) delete process.env['ELECTRON_RUN_AS_NODE'];
  const copies = parseCount('copies', values.copies, 1);
  if (copies < 1 || copies > MAX_COPIES) {
    throw new UsageError(`--copies takes a number from 1 to ${MAX_COPIES}; it got ${copies}`);
  }
  if (values.join && values.recording === undefined)
    throw new UsageError('--join takes --recording DIR, too: the recording to join');
  if (values.pid !== undefined) return await attachCommand(values.pid, values);
  const command = commandOf(program, args[ownArgs.length] === '--', values.python);
  if (typeof command === 'string') {
    printMessage(command);
    return EXIT.notFound;
  }
  // Checked before the run: after a long one it would be too late.
  const obstacle = values.out === undefined ? null : findSaveObstacle(values.out);
  if (obstacle !== null) {
    printMessage(obstacle);
    return EXIT.cannotWrite;
  }
  // Beside this process the program would get none, and wait for ever or abort.
  const missing = process.platform === 'linux' ? missingThreads(MIN_THREADS * copies) : null;
  if (missing !== null) {
    printMessage(`${missing} for the program beside simul; it was not started`);
    return EXIT.cannotStart;
  }
  const isJoined = values.join === true;
  const recording = recordingFor(values.recording, isJoined);
  const given = process.env['SIMUL_LIMIT'] ?? '';
  if (recording !== null && given !== '' && !isLimit(given))
    printMessage(`SIMUL_LIMIT takes a number of bytes; it got "${given}", and the limit is 2 GiB`);
  const depth = values.light ? 'light' : 'full';
  const generators = values.generators === true;
  const cpu = values.cpu === true;
  const seesValues = values.values === true;
  // A command compiles its own TypeScript, or Node refuses it as it does untraced.
  const compiles = args[ownArgs.length] !== '--' && needsCompiling(program[0]!);
  const programs = Array.from({ length: copies }, () =>
    startTrace({ command, recording, depth, generators, cpu, values: seesValues, compiles }),
  );
  const stopForwarding = forwardSignals(programs.map(({ child }) => child));
  // Whoever made the recording keeps it within its limit.
  const keeping =
    recording === null || isJoined ? null : keepNewest(recording, limitBytesOf(process.env['SIMUL_LIMIT']));
  const ends = await Promise.all(programs.map(({ ended }) => ended));
  stopForwarding();
  await keeping?.stop();
  // The first copy that failed decides the exit status.
  const end = ends.find(({ status }) => status !== 0) ?? ends[0]!;
  if (end.trouble !== null) {
    printMessage(end.trouble);
    return end.status;
  }
  if (recording !== null) reportRecording(recording, values);
  // A shell that runs a loop ends it where its command was interrupted, and not by a status.
  if (end.signal !== null && ASKED_TO_END.includes(end.signal)) process.kill(process.pid, end.signal);
  return end.status;
}

/** Records a program that runs already, until it ends or Ctrl-C; then it goes on by itself. */
async function attachCommand(
  given: string,
  values: ReportOptions & { readonly recording?: string | undefined },
): Promise<number> {
  const target = await findAttachTarget(parseCount('pid', given, 0));
  if (typeof target === 'string') {
    printMessage(target);
    return EXIT.cannotStart;
  }
  const recording = recordingFor(values.recording, false);
  if (recording === null) return EXIT.cannotWrite;
  const agent = fileURLToPath(new URL('python', agentUrl()));
  const trouble = await attachPython(target, agent, recording);
  if (trouble !== null) {
    printMessage(trouble);
    return EXIT.cannotStart;
  }
  printMessage(`attached to process ${target.pid}; Ctrl-C ends the recording, and the program goes on`);
  const keeping = keepNewest(recording, limitBytesOf(process.env['SIMUL_LIMIT']));
  const stop = new AbortController();
  for (const signal of ASKED_TO_END) process.once(signal, () => stop.abort());
  await untilEnded(target.pid, stop.signal);
  if (stop.signal.aborted) await detachPython(target, agent, recording);
  await keeping.stop();
  reportRecording(recording, values);
  return EXIT.ok;
}

/** The command's own options end at the program's name or at `--`; the rest is the program's. */
export function splitArgs(
  args: readonly string[],
): readonly [own: readonly string[], program: readonly string[]] {
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const end = tokens.find(({ kind }) => kind === 'positional' || kind === 'option-terminator');
  if (!end) return [args, []];
  return [args.slice(0, end.index), args.slice(end.kind === 'option-terminator' ? end.index + 1 : end.index)];
}

/** What to start; or one sentence saying why the program cannot be started. */
function commandOf(
  program: readonly string[],
  isCommand: boolean,
  python: string | undefined,
): readonly [string, ...string[]] | string {
  const [file, ...rest] = program;
  if (file === undefined) {
    throw new UsageError(
      isCommand
        ? 'trace -- needs a command after the dashes'
        : 'trace needs a program: simul trace PROGRAM [ARG…]',
    );
  }
  if (isCommand) return [file, ...rest];
  if (!existsSync(file)) return `${file} does not exist`;
  if (statSync(file).isDirectory()) return `${file} is a folder; trace needs a program's file`;
  if (isPythonFile(file)) return [pythonFor(python, process.env), file, ...rest];
  if (!isRunnableFile(file)) {
    throw new UsageError(
      `${file} is no program that Node runs (${RUNNABLE_EXTENSIONS.join(' ')}), nor one of Python's (.py); for any other command: simul trace -- ${file}`,
    );
  }
  return [process.execPath, file, ...rest];
}

/** The folder to record into; null: there is none, and the program runs untraced. */
function recordingFor(requested: string | undefined, isJoined: boolean): string | null {
  const agent = fileURLToPath(agentUrl());
  if (!existsSync(agent)) {
    printMessage(`the instrument ${agent} is missing; the program runs untraced`);
    return null;
  }
  const made =
    requested === undefined
      ? newRecording(recordingsFolder())
      : prepareRecording(resolve(requested), isJoined);
  if ('trouble' in made) {
    printMessage(`${made.trouble}; the program runs untraced`);
    return null;
  }
  if (made.warning !== null) printMessage(made.warning);
  return made.folder;
}

interface ReportOptions {
  readonly out?: string | undefined;
  readonly quiet?: boolean | undefined;
  readonly 'in-panel'?: boolean | undefined;
}

/** Prints the summary, saves the trace where that was asked for, and says how to look at it. */
function reportRecording(
  recording: string,
  { out, quiet: isQuiet = false, 'in-panel': isInPanel = false }: ReportOptions,
): void {
  if (!isQuiet) {
    const lines = readSummary(recording);
    if (typeof lines === 'string') {
      const why = holdsRecording(recording)
        ? lines
        : 'no Node or Python process of the program wrote to the recording';
      printMessage(`nothing was recorded: ${why}`);
      return;
    }
    for (const line of lines) printMessage(line);
  }
  let shown = recording;
  if (out !== undefined) {
    const saved = saveTrace(recording, out);
    if (typeof saved === 'string') printMessage(saved);
    else {
      shown = out;
      if (!isQuiet) printMessage(`saved as ${out} (${saved.records} records, ${saved.bytes} bytes)`);
    }
  }
  if (isQuiet || isInPanel) return;
  printMessage(`recorded in ${recording}`);
  const { argv, env, platform } = process;
  const command = ownCommandLine({ script: argv[1] ?? '', cwd: process.cwd(), env, platform });
  printMessage(`look at it with: ${command} show ${quoteForShell(shown)}, or in VS Code: Simul: Open Trace`);
}
