/**
 * The command line. It parses, calls and says; everything it can do is in the files beside
 * it. Errors are one sentence on stderr and an exit status, never a stack.
 */
import { parseArgs } from 'node:util';
import { showCommand } from './commands/show.ts';
import { saveCommand } from './commands/save.ts';
import { traceCommand } from './commands/trace.ts';
import { tryCommand } from './commands/try.ts';
import { say, WrongUsage } from './commands/say.ts';
import { reasonOf } from './reason.ts';
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
  if (command) return command(rest);
  if (first !== '' && !first.startsWith('-')) {
    throw new WrongUsage(
      `there is no command "${first}"; the commands are ${Object.keys(commands).join(', ')}`,
    );
  }
  const { values } = parseArgs({
    args: [...args],
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
  const usage = error instanceof WrongUsage || isParseError(error);
  say(
    usage
      ? `${(error as Error).message.split('\n', 1)[0]} (simul --help tells what there is)`
      : reasonOf(error),
  );
  process.exitCode = usage ? 2 : 70;
}

function isParseError(error: unknown): boolean {
  return (
    error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')
  );
}
