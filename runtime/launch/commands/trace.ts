/**
 * `simul trace`: runs a program under trace, then says what happened. A recording that cannot be made is
 * one sentence, and the program runs on untraced: whoever debugs must not be stopped by the debugger.
 */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { summarize } from '../analysis.ts';
import { newRecording, prepareRecording, recordingsFolder } from '../recordings.ts';
import { isRunnableFile, RUNNABLE_EXTENSIONS } from '../runnable-files.ts';
import { cannotSaveAs, saveTrace } from '../saved-trace.ts';
import { agentUrl, startTrace, type Traced } from '../start-trace.ts';
import { USAGE } from '../usage.ts';
import { ownCommandLine, quoted } from './own-command-line.ts';
import { CANNOT_WRITE, countOf, print, WrongUsage } from './output.ts';

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
/** A terminal sends these to the whole foreground group: the program has them already. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/** More is a mistake rather than a wish. */
const MAX_COPIES = 256;

const options = {
  out: { type: 'string' },
  recording: { type: 'string' },
  copies: { type: 'string' },
  light: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function traceCommand(args: readonly string[]): Promise<number> {
  const [own, program] = split(args);
  const { values } = parseArgs({ args: [...own], options });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const command = commandOf(program, own.length < args.length && args[own.length] === '--');
  if (typeof command === 'string') {
    print(command);
    return 127;
  }
  const copies = countOf('copies', values.copies, 1);
  if (copies < 1 || copies > MAX_COPIES) {
    throw new WrongUsage(`--copies takes a number from 1 to ${MAX_COPIES}; it got ${copies}`);
  }
  // Told now: after a long run it would be too late.
  const refused = values.out === undefined ? null : cannotSaveAs(values.out);
  if (refused !== null) {
    print(refused);
    return CANNOT_WRITE;
  }
  const recording = recordingFor(values.recording);
  const depth = values.light ? 'light' : 'full';
  const traced = Array.from({ length: copies }, () => startTrace({ command, recording, depth }));
  const stopForwarding = forwardSignals(traced);
  const ends = await Promise.all(traced.map((it) => it.ended));
  stopForwarding();
  // Of several copies, the first that did not go well speaks for all.
  const ended = ends.find(({ status }) => status !== 0) ?? ends[0]!;
  if (ended.trouble !== null) {
    print(ended.trouble);
    return ended.status;
  }
  if (recording !== null) tell(recording, values.out, values.quiet === true);
  return ended.status;
}

/** Our options end at the program's name or at `--`; what follows is the program's. */
function split(args: readonly string[]): readonly [own: readonly string[], program: readonly string[]] {
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

/** What to start; or one sentence saying why the program cannot be. */
function commandOf(program: readonly string[], isCommand: boolean): readonly [string, ...string[]] | string {
  const [file, ...rest] = program;
  if (file === undefined) {
    throw new WrongUsage(
      isCommand
        ? 'trace -- needs a command after the dashes'
        : 'trace needs a program: simul trace PROGRAM [ARG…]',
    );
  }
  if (isCommand) return [file, ...rest];
  if (!existsSync(file)) return `${file} does not exist`;
  if (statSync(file).isDirectory()) return `${file} is a folder; trace needs a program's file`;
  if (!isRunnableFile(file)) {
    throw new WrongUsage(
      `${file} is no program that Node runs (${RUNNABLE_EXTENSIONS.join(' ')}); for any other command: simul trace -- ${file}`,
    );
  }
  return [process.execPath, file, ...rest];
}

function recordingFor(asked: string | undefined): string | null {
  const agent = fileURLToPath(agentUrl());
  if (!existsSync(agent)) {
    print(`the instrument ${agent} is missing; the program runs untraced`);
    return null;
  }
  const made = asked === undefined ? newRecording(recordingsFolder()) : prepareRecording(resolve(asked));
  if ('trouble' in made) {
    print(`${made.trouble}; the program runs untraced`);
    return null;
  }
  if (made.warning !== null) print(made.warning);
  return made.folder;
}

/** Signals sent to us are meant for the program; we end when it does. */
function forwardSignals(traced: readonly Traced[]): () => void {
  const onTerminal = [0, 1, 2].some((fd) => isatty(fd));
  const listeners = FORWARDED.map((name) => {
    const listener = (): void => {
      if (onTerminal && FROM_TERMINAL.includes(name)) return;
      for (const { child } of traced) child.kill(name);
    };
    process.on(name, listener);
    return [name, listener] as const;
  });
  return () => {
    for (const [name, listener] of listeners) process.off(name, listener);
  };
}

function tell(recording: string, out: string | undefined, quiet: boolean): void {
  if (!quiet) {
    const lines = summarize(recording);
    if (typeof lines === 'string') {
      print('nothing was recorded: no Node process of the program loaded the instrument');
      return;
    }
    for (const line of lines) print(line);
  }
  let there = recording;
  if (out !== undefined) {
    const saved = saveTrace(recording, out);
    if (typeof saved === 'string') print(saved);
    else {
      there = out;
      if (!quiet) print(`saved as ${out} (${saved.records} records, ${saved.bytes} bytes)`);
    }
  }
  if (quiet) return;
  print(`recorded in ${recording}`);
  const { argv, env, platform } = process;
  const command = ownCommandLine({ script: argv[1] ?? '', cwd: process.cwd(), env, platform });
  print(`look at it with: ${command} show ${quoted(there)}, or in VS Code: Simul: Open Trace`);
}
