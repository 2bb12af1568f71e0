/** The waits at a line that nothing has ended: a stack tells a line, a probe the column, too. */
import { openWaits } from '../model/open-waits.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';

export function openWaitsAt(trace: Trace, site: number): readonly Wait[] {
  const place = trace.sites[site];
  if (place === undefined) return [];
  return openWaits(trace).filter(({ site: at }) => {
    const other = trace.sites[at];
    return other?.process === place.process && other.file === place.file && other.line === place.line;
  });
}
