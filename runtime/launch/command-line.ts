/**
 * The command line: it finds the command and calls it. What the commands do stands in `commands/`.
 * An error is one sentence on stderr and an exit status, never a stack.
 */
import { parseArgs } from 'node:util';
import { dapCommand } from './commands/dap.ts';
import { findingsCommand, momentCommand, whyCommand } from './commands/query.ts';
import { mergeCommand } from './commands/merge.ts';
import { exportCommand } from './commands/export.ts';
import { reportCommand } from './commands/report.ts';
import { showCommand } from './commands/show.ts';
import { saveCommand } from './commands/save.ts';
import { traceCommand } from './commands/trace.ts';
import { testCommand } from './commands/test.ts';
import { tryCommand } from './commands/try.ts';
import { printMessage } from './commands/print-message.ts';
import { UsageError } from './commands/usage-error.ts';
import { describeIoError } from './describe-io-error.ts';
import { EXIT } from './exit-status.ts';
import { USAGE } from './usage.ts';
import { readVersion } from './version.ts';

type Command = (args: readonly string[]) => number | Promise<number>;

const commands: Readonly<Record<string, Command>> = {
  trace: traceCommand,
  test: testCommand,
  why: whyCommand,
  findings: findingsCommand,
  moment: momentCommand,
  show: showCommand,
  save: saveCommand,
  merge: mergeCommand,
  report: reportCommand,
  export: exportCommand,
  dap: dapCommand,
  try: tryCommand,
};

async function main(args: readonly string[]): Promise<number> {
  const [first = '', ...rest] = args;
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined;
  // These look for --help themselves: behind a program's name all arguments are the program's.
  const looksItself = first === 'trace' || first === 'test';
  const isHelpAsked = !looksItself && rest.some((arg) => arg === '--help' || arg === '-h');
  if (command && !isHelpAsked) return command(rest);
  if (!command && first !== '' && !first.startsWith('-')) {
    throw new UsageError(
      `there is no command "${first}"; the commands are ${Object.keys(commands).join(', ')}`,
    );
  }
  const { values } = parseArgs({
    args: isHelpAsked ? ['--help'] : [...args],
    options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } },
  });
  if (values.version) process.stdout.write(`${readVersion()}\n`);
  else if (values.help) process.stdout.write(`${USAGE}\n`);
  else process.stderr.write(`${USAGE}\n`);
  return values.version || values.help ? EXIT.ok : EXIT.wrongUsage;
}

// A reader that goes away (`simul show … | head`) is no error.
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.outputFailed);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const misuse = error instanceof UsageError ? error.message : describeParseError(error);
  printMessage(misuse === null ? describeIoError(error) : `${misuse} (--help tells what there is)`);
  process.exitCode = misuse === null ? EXIT.ownFault : EXIT.wrongUsage;
}

/** What `parseArgs` found wrong, in words for a person; null: the error is another one. */
function describeParseError(error: unknown): string | null {
  if (!(error instanceof TypeError)) return null;
  const { code } = error as NodeJS.ErrnoException;
  // Quoted, with or without a short form and a placeholder: '-h, --help', '--out <value>'.
  const name = /'(?:-\w, )?(-[^\s']+)/.exec(error.message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `there is no option ${name}`;
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    if (error.message.includes('does not take')) return `${name} takes no value`;
    return `${name} needs a value; one that begins with a dash is written ${name}=-…`;
  }
  return code?.startsWith('ERR_PARSE_ARGS') ? error.message.split('\n', 1)[0]! : null;
}
