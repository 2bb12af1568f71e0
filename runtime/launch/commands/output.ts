/** What the commands say to a person: on stderr, since stdout is the program's, each line marked as ours. */
import { printable } from '../printable.ts';

export function print(words: string): void {
  process.stderr.write(`simul: ${printable(words)}\n`);
}

/** Exit status, as sysexits.h has it. */
export const CANNOT_WRITE = 73;

/** The command was called in a way that it does not know: one sentence, exit status 2. */
export class WrongUsage extends Error {}

/** A count given on the command line. */
export function countOf(name: string, value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(value)) throw new WrongUsage(`--${name} takes a whole number; it got "${value}"`);
  return Number(value);
}
