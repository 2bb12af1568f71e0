/**
 * Times between what happened on two machines, whose clocks agree only so far. Nothing is told more
 * exactly than it is known, and no order within that.
 */
import type { Trace } from '../model/trace.ts';
import { duration } from './duration.ts';

/** How far a time between what two tasks did may be off, ns; 0: they are of one machine. */
export function uncertaintyBetween({ machines, processes, tasks }: Trace, a: number, b: number): number {
  if (a < 0 || b < 0 || machines.count < 2) return 0;
  const machineOf = (task: number): number => processes[tasks.process[task]!]!.machine;
  return machines.uncertaintyNs(machineOf(a), machineOf(b));
}

/** "40 ms"; "40 ms, give or take 12 ms,"; "at most 20 ms" of less than is certain. */
export function uncertainDuration(ns: number, uncertaintyNs: number): string {
  if (uncertaintyNs === 0) return duration(ns);
  if (ns <= uncertaintyNs) return `at most ${duration(ns + uncertaintyNs)}`;
  return `${duration(ns)}, give or take ${duration(uncertaintyNs)},`;
}
