/** Finds where the lines that ran are now. A site whose line is not found is not shown. */
import { currentLine } from '../../runtime/trace/format/current-line.ts';
import type { SiteInfo } from '../../runtime/trace/model/trace.ts';
import type { SiteWaits } from '../../runtime/trace/summaries/site-summary.ts';
import type { WholeDocument } from './whole-document.ts';

export interface MeasuredSite {
  readonly site: SiteInfo;
  readonly waits: SiteWaits;
  /** LANGUAGE of the program that ran there; absent: JavaScript. */
  readonly language?: number | undefined;
  /** The longest wait in sentences; [] when it was not kept. */
  readonly longest: () => readonly string[];
  /** The first sentences of the findings that name this site; absent: none does. */
  readonly findings?: () => readonly string[];
}

/** Sites by the 0-based line where they are now, in the order of their columns. */
export function placeSites(
  document: WholeDocument,
  measured: readonly MeasuredSite[],
): ReadonlyMap<number, readonly MeasuredSite[]> {
  const placed = new Map<number, MeasuredSite[]>();
  for (const measuredSite of measured) {
    const line = currentLine(document.hashes, measuredSite.site.line - 1, measuredSite.site.lineHash);
    if (line === null) continue;
    const sites = placed.get(line);
    if (sites) sites.push(measuredSite);
    else placed.set(line, [measuredSite]);
  }
  for (const sites of placed.values()) sites.sort((a, b) => a.site.column - b.site.column);
  return placed;
}
