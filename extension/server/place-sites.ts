/**
 * Where the lines that ran are now. A site carries the hash of its line: in an edited file it is
 * looked for near its old place, and what is not found is not shown. A wrong line is worse than none.
 */
import type { SiteInfo } from '../../runtime/trace/model/trace.ts';
import type { SiteWaits } from '../../runtime/trace/summaries/site-summary.ts';
import type { WholeDocument } from './whole-document.ts';

export interface MeasuredSite {
  readonly site: SiteInfo;
  readonly waits: SiteWaits;
  /** The longest wait in sentences; [] when it was not kept. */
  readonly longest: () => readonly string[];
}

/** How far an edit may have moved a line before we no longer trust that it is the same one. */
const NEAR_LINES = 200;

/** Sites by the 0-based line where they are now, in the order of their columns. */
export function placeSites(
  document: WholeDocument,
  measured: readonly MeasuredSite[],
): ReadonlyMap<number, readonly MeasuredSite[]> {
  const placed = new Map<number, MeasuredSite[]>();
  for (const one of measured) {
    const line = lineNow(document.hashes, one.site.line - 1, one.site.lineHash);
    if (line === null) continue;
    const there = placed.get(line);
    if (there) there.push(one);
    else placed.set(line, [one]);
  }
  for (const there of placed.values()) there.sort((a, b) => a.site.column - b.site.column);
  return placed;
}

export function lineNow(hashes: Uint32Array, before: number, hash: number): number | null {
  for (let far = 0; far <= NEAR_LINES; far++) {
    if (hashes[before + far] === hash) return before + far;
    if (hashes[before - far] === hash) return before - far;
  }
  return null;
}
