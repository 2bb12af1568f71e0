/** `simul merge`: one trace of the recordings of several programs, of one machine or of several. */
import { parseArgs } from 'node:util';
import { EXIT } from '../exit-status.ts';
import { describeClocks } from '../describe-clock.ts';
import { mergeTraces } from '../merge-traces.ts';
import { printMessage } from './print-message.ts';
import { UsageError } from './usage-error.ts';

export function mergeCommand(args: readonly string[]): number {
  const { positionals, values } = parseArgs({
    args: [...args],
    options: { out: { type: 'string' } },
    allowPositionals: true,
  });
  if (positionals.length < 2) throw new UsageError('merge takes two recordings or trace files, or more');
  if (values.out === undefined) throw new UsageError('merge needs --out FILE, the trace that it makes');
  const merged = mergeTraces(positionals, values.out);
  if (typeof merged === 'string') {
    printMessage(merged);
    return EXIT.cannotRead;
  }
  const { machines, records, bytes, troubles } = merged;
  for (const trouble of troubles) printMessage(trouble);
  for (const words of describeClocks(machines)) printMessage(words);
  printMessage(`saved as ${values.out} (${records} records, ${bytes} bytes)`);
  return EXIT.ok;
}
