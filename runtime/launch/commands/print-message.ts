/**
 * Prints what the commands say to a person: on stderr, since stdout is the traced program's, and
 * each line marked as Simul's.
 */
import { printable } from '../../trace/format/printable.ts';

export function printMessage(words: string): void {
  process.stderr.write(`simul: ${printable(words)}\n`);
}
