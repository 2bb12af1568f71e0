/** The task of the program's own that took longest: where the run as a whole tells little. */
import { ACTIVATION_KIND, numberSet } from '../format/kinds.ts';
import { timesSoFar } from '../model/times-so-far.ts';
import type { Trace } from '../model/trace.ts';

/** What a program begins with, and Node's own: not what it is asked to do. */
const NOT_ASKED_FOR = numberSet(ACTIVATION_KIND, 'main', 'module', 'thread', 'process', 'timer-callback');

export interface LongestTask {
  /** A row. */
  readonly row: number;
  readonly livedNs: number;
}

/** @returns null: there is none, or none has a line */
export function longestTask(trace: Trace): LongestTask | null {
  const { tasks } = trace;
  let longest: LongestTask | null = null;
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.frameOf[row]! >= 0 || NOT_ASKED_FOR.has(tasks.kind[row]!)) continue;
    const site = trace.sites[tasks.site[row]!];
    if (site === undefined || site.fn === '<module>') continue;
    const { livedNs } = timesSoFar(trace, row);
    if (livedNs > (longest?.livedNs ?? 0)) longest = { row, livedNs };
  }
  return longest;
}
