/**
 * The waits at a line that nothing has ended, and those for a promise that was made there: a stack
 * tells a line, a probe the column, too.
 */
import { resourceOfTarget } from '../model/state.ts';
import { openWaits } from '../model/open-waits.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';

export function openWaitsAt(trace: Trace, site: number): readonly Wait[] {
  const place = trace.sites[site];
  if (place === undefined) return [];
  const isThere = (at: number): boolean => {
    const other = trace.sites[at];
    return other?.process === place.process && other.file === place.file && other.line === place.line;
  };
  return openWaits(trace).filter(
    ({ site: at, target }) => isThere(at) || isThere(trace.resources[resourceOfTarget(target)]?.site ?? -1),
  );
}
