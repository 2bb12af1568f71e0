/**
 * The command line. It parses, calls and says; everything it can do is in the files beside
 * it. Errors are one sentence on stderr and an exit status, never a stack.
 */
import { parseArgs } from 'node:util';
import { showCommand } from './commands/show.ts';
import { saveCommand } from './commands/save.ts';
import { traceCommand } from './commands/trace.ts';
import { tryCommand } from './commands/try.ts';
import { print, WrongUsage } from './commands/output.ts';
import { describeIoError } from './describe-io-error.ts';
import { USAGE } from './usage.ts';
import { version } from './version.ts';

type Command = (args: readonly string[]) => number | Promise<number>;

const commands: Readonly<Record<string, Command>> = {
  trace: traceCommand,
  show: showCommand,
  save: saveCommand,
  try: tryCommand,
};

async function main(args: readonly string[]): Promise<number> {
  const [first = '', ...rest] = args;
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined;
  // What stands behind a program's name is the program's: trace looks for itself.
  const isAsked = first !== 'trace' && rest.some((arg) => arg === '--help' || arg === '-h');
  if (command && !isAsked) return command(rest);
  if (!command && first !== '' && !first.startsWith('-')) {
    throw new WrongUsage(
      `there is no command "${first}"; the commands are ${Object.keys(commands).join(', ')}`,
    );
  }
  const { values } = parseArgs({
    args: isAsked ? ['--help'] : [...args],
    options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } },
  });
  if (values.version) process.stdout.write(`${version()}\n`);
  else if (values.help) process.stdout.write(`${USAGE}\n`);
  else process.stderr.write(`${USAGE}\n`);
  return values.version || values.help ? 0 : 2;
}

// A reader that goes away (`simul show … | head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 74);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof WrongUsage ? error.message : parseErrorInWords(error);
  print(usage === null ? describeIoError(error) : `${usage} (--help tells what there is)`);
  process.exitCode = usage === null ? 70 : 2;
}

/** What Node's reader of options found wrong, in words for a person; null: it was something else. */
function parseErrorInWords(error: unknown): string | null {
  if (!(error instanceof TypeError)) return null;
  const { code } = error as NodeJS.ErrnoException;
  // Quoted, and perhaps with a short form before or a placeholder behind: '-h, --help', '--out <value>'.
  const name = /'(?:-\w, )?(-[^\s']+)/.exec(error.message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `there is no option ${name}`;
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    if (error.message.includes('does not take')) return `${name} takes no value`;
    return `${name} needs a value; one that begins with a dash is written ${name}=-…`;
  }
  return code?.startsWith('ERR_PARSE_ARGS') ? error.message.split('\n', 1)[0]! : null;
}
