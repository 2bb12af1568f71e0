/** How well the clocks of a merged trace's machines are known against one another, in words. */
import { duration } from '../trace/words/duration.ts';
import type { MergedMachine } from './merge-traces.ts';

/** One sentence for each machine but the first, whose clock the trace has. */
export const describeClocks = (machines: readonly MergedMachine[]): string[] =>
  machines.slice(1).map((machine) => describeClock(machine, machines[0]!.name));

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
