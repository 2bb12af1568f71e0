/**
 * Which interpreter runs a program of Python, and what keeps one from being traced. The instrument
 * comes in through PYTHONPATH and the module `sitecustomize`: options that leave these out leave it
 * out, too.
 */
import { basename } from 'node:path';

/** The interpreter where neither `--python` nor SIMUL_PYTHON names one. */
const DEFAULT_PYTHON = process.platform === 'win32' ? 'python' : 'python3';

/** @param given `--python`; undefined: it was not given */
export function pythonFor(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const named = env['SIMUL_PYTHON'] ?? '';
  return given ?? (named === '' ? DEFAULT_PYTHON : named);
}

/** Whether a command's name is that of a Python interpreter: `python3`, `/usr/bin/python3.12`. */
export const isPython = (command: string): boolean =>
  /^python(?:\d(?:\.\d+)?t?)?(?:\.exe)?$/i.test(basename(command));

/** `-E`, `-I` or `-S` of a Python command, with which it cannot be traced; null: there is none. */
export function optionAgainstTracing(command: readonly string[]): string | null {
  const [file, ...args] = command;
  if (file === undefined || !isPython(file)) return null;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    // The program's file, or standard input: what follows is the program's.
    if (!arg.startsWith('-') || arg === '-' || arg === '--') return null;
    if (arg.startsWith('--')) continue;
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at]!;
      if ('EIS'.includes(letter)) return `-${letter}`;
      // The program as text or by name: the rest of the line is its own.
      if (letter === 'c' || letter === 'm') return null;
      // These take a value: the rest of the argument, or the next one.
      if (!'WX'.includes(letter)) continue;
      if (at === arg.length - 1) i++;
      break;
    }
  }
  return null;
}
