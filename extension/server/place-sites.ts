/**
 * Finds where the lines that ran are now. A site carries the hash of its line. In an edited file
 * the line is searched near its old place. When it is not found, the site is not shown: a wrong
 * line is worse than none.
 */
import type { SiteInfo } from '../../runtime/trace/model/trace.ts';
import type { SiteWaits } from '../../runtime/trace/summaries/site-summary.ts';
import type { WholeDocument } from './whole-document.ts';

export interface MeasuredSite {
  readonly site: SiteInfo;
  readonly waits: SiteWaits;
  /** The longest wait in sentences; [] when it was not kept. */
  readonly longest: () => readonly string[];
  /** The first sentences of the findings that name this site; absent: none does. */
  readonly findings?: () => readonly string[];
}

/** A line farther away from its old place is not trusted to be the same line. */
const MAX_MOVED_LINES = 200;

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

/**
 * Where a line is now, 0-based; null: it is not found near its old place.
 * @param before the 0-based line when it ran
 */
export function currentLine(hashes: Uint32Array, before: number, hash: number): number | null {
  for (let distance = 0; distance <= MAX_MOVED_LINES; distance++) {
    if (hashes[before + distance] === hash) return before + distance;
    if (hashes[before - distance] === hash) return before - distance;
  }
  return null;
}
