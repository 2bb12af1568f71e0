/** `simul merge`: one trace of the recordings of several programs, of one machine or of several. */
import { parseArgs } from 'node:util';
import { duration } from '../../trace/words/duration.ts';
import { EXIT } from '../exit-status.ts';
import { type MergedMachine, mergeTraces } from '../merge-traces.ts';
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
  for (const machine of machines.slice(1)) printMessage(describeClock(machine, machines[0]!.name));
  printMessage(`saved as ${values.out} (${records} records, ${bytes} bytes)`);
  return EXIT.ok;
}

/** How well a machine's times are known against the first machine's. */
export function describeClock(machine: MergedMachine, first: string): string {
  const { name, uncertaintyNs, links, isContradictory, offsetNs } = machine;
  if (isContradictory)
    return `the clocks of ${name} and ${first} ran apart meanwhile: what one did before the other is known to ± ${duration(uncertaintyNs)} only`;
  if (uncertaintyNs < Infinity) {
    const by = links === 0 ? 'it is one clock' : `by ${links} jobs and results`;
    const shifted = offsetNs === 0n ? '' : ', and was brought to that';
    return `the clock of ${name} is known against that of ${first} to ± ${duration(uncertaintyNs)} ${by === 'it is one clock' ? `(${by})` : by}${shifted}`;
  }
  const why = links === 0 ? 'no job went between them' : 'jobs went between them one way only';
  return `the clocks of ${name} and ${first} are as their machines had set them, for ${why}: no order between them is certain`;
}
